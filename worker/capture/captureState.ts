import type { CaptureStats, RecorderMessage } from '../../shared/recorder/recorderMessages.ts';
import { RecordingError } from '../recordingError.ts';

/** How the capture stands. */
export interface CaptureState {
  /** The newest figures, at most a second old. */
  readonly stats: CaptureStats;
  /** The first picture (without video: the first sound) is in. */
  readonly begun: {
    readonly startsBlank: boolean;
    readonly atUnixMs: number;
  } | null;
  /** The recording has reached its greatest length. */
  readonly isFull: boolean;
  /** Why an encoding cannot go on, its writer or its encoder; null for each that can. In the order of the encodings. */
  readonly encodingFailures: readonly (RecordingError | null)[];
  /** Why nothing can go on: the capture has failed, or every encoding. */
  readonly failure: RecordingError | null;
}

/** The figures of a recording that has not begun. */
export const NOTHING_CAPTURED: CaptureStats = {
  frames: 0,
  droppedFrames: 0,
  durationS: 0,
  blankForS: 0,
  silentForS: 0,
  encodings: [],
};

/** The state of a capture of so many encodings before anything has happened. */
export function initialState(encodings: number): CaptureState {
  const none = { frames: 0, droppedFrames: 0 };
  return {
    stats: { ...NOTHING_CAPTURED, encodings: Array.from({ length: encodings }, () => none) },
    begun: null,
    isFull: false,
    encodingFailures: Array.from({ length: encodings }, () => null),
    failure: null,
  };
}

/** The state once the recorder page has told this. */
export function stateAfter(state: CaptureState, message: RecorderMessage): CaptureState {
  switch (message.type) {
    case 'begun':
      return { ...state, begun: { startsBlank: message.startsBlank, atUnixMs: Date.now() } };
    case 'stats':
      return { ...state, stats: message.stats };
    case 'max_duration':
      return { ...state, isFull: true };
    case 'encoding_failed': {
      const failure = new RecordingError('capture_failed', message.message);
      return withEncodingFailure(state, message.encoding, failure);
    }
    case 'failed':
      return withFailure(state, new RecordingError('capture_failed', message.message));
  }
}

/** The state once nothing can go on. The first failure counts. */
export function withFailure(state: CaptureState, failure: RecordingError): CaptureState {
  return { ...state, failure: state.failure ?? failure };
}

/** The state once an encoding cannot go on; where it was the last one, nothing can. */
export function withEncodingFailure(
  state: CaptureState,
  encoding: number,
  failure: RecordingError,
): CaptureState {
  const encodingFailures = state.encodingFailures.map((known, index) =>
    index === encoding ? (known ?? failure) : known,
  );
  const haveAllFailed = encodingFailures.every((known) => known !== null);
  return haveAllFailed
    ? withFailure({ ...state, encodingFailures }, failure)
    : { ...state, encodingFailures };
}
