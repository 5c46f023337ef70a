import type { Judge } from './snapshot.ts';

/** The recorder itself ends the timeline at `max_duration_s`, so that the file is never a frame longer. */
export const maxDuration: Judge = ({ capture }) => (capture.isFull ? 'max_duration' : null);
