import { isFinal, mayFollow, type RecordingState } from '../../shared/events/recordingState.ts';

/** The state of one recording, and the only place that changes it. */
export interface StateOfRecording {
  now(): RecordingState;
  /** Whether the change was made; what comes after a final state, or does not follow, is left out. */
  change(to: RecordingState): boolean;
}

/** `tell` hears of every change but the final one, which the event with the result tells. */
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
