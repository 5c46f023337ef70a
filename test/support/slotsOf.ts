import type { RecordingResult } from '../../shared/events/recordingEvents.ts';

/**
 * How many pictures a recording has room for: those that it holds, and those that a busy machine had no time
 * for.
 */
export function slotsOf({
  frames,
  dropped_frames,
}: Pick<RecordingResult, 'frames' | 'dropped_frames'>): number {
  return frames + dropped_frames;
}
