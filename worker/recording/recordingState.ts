import { isFinal, mayFollow, type RecordingState } from '../../shared/events/recordingState.ts';

/** The state of one recording, and the only place that changes it. */
export interface StateOfRecording {
  now(): RecordingState;
  /**
   * Returns whether the change was made. A change that follows a final state, or that the order of states
   * does not allow, is ignored.
   */
  change(to: RecordingState): boolean;
}

/** `tell` is called for every change except the final one, which the event with the result reports. */
export function createState(tell: (state: RecordingState) => void): StateOfRecording {
  let state: RecordingState = 'queued';
  return {
    now: () => state,
    change: (to) => {
      if (!mayFollow(state, to)) return false;
      state = to;
      if (!isFinal(to)) tell(to);
      return true;
    },
  };
}
