import type { Judge } from './snapshot.ts';

/** How late the recorder page may be. */
const LATE_S = 5;

/**
 * The recorder itself ends the timeline at `max_duration_s`, so that the file is never a frame longer. Where it does not
 * say so, the clock does.
 */
export const maxDuration: Judge = ({ capture, recordedForS, limits }) =>
  capture.isFull || recordedForS >= limits.maxDurationS + LATE_S ? 'max_duration' : null;
