import type { CaptureState } from '../capture/captureState.ts';

/** For how long the picture has been one flat colour, in seconds of the recording: time before it does not count. */
export function blankForS({ stats }: Pick<CaptureState, 'stats'>): number {
  return Math.min(stats.blankForS, stats.durationS);
}
