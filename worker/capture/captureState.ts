import type { CaptureStats, RecorderMessage } from '../../shared/recorder/recorderMessages.ts';
import { RecordingError } from '../recordingError.ts';

/** What is known of a running capture. */
export interface CaptureState {
  /** The newest figures. They are at most one second old. */
  readonly stats: CaptureStats;
  /** Whether the first picture has arrived (the first sound, if only sound is recorded). */
  readonly begun: {
    readonly startsBlank: boolean;
    /** The instant of the recording's first picture, on the machine's monotonic clock. */
    readonly startMonotonicMs: number;
    /** Where the capture's own first picture is, in seconds of the recording. */
    readonly fromS: number;
  } | null;
  /** When the recorder page did not run, in seconds of the recording, in this order. */
  readonly suspensions: readonly { readonly fromS: number; readonly untilS: number }[];
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
  decodedS: 0,
  encodings: [],
};

/** The state of a capture with this many encodings before anything has happened. */
export function initialState(encodings: number): CaptureState {
  const none = { frames: 0, droppedFrames: 0 };
  return {
    stats: { ...NOTHING_CAPTURED, encodings: Array.from({ length: encodings }, () => none) },
    begun: null,
    suspensions: [],
    isFull: false,
    encodingFailures: Array.from({ length: encodings }, () => null),
    failure: null,
  };
}

/**
 * The state after a message of the recorder page, whose clock is this many microseconds ahead of the machine's
 * monotonic clock.
 */
export function stateAfter(state: CaptureState, message: RecorderMessage, aheadUs: number): CaptureState {
  switch (message.type) {
    case 'begun': {
      const { startsBlank, startUs, fromS } = message;
      const begun = { startsBlank, startMonotonicMs: (startUs - aheadUs) / 1000, fromS };
      return { ...state, begun, stats: { ...state.stats, durationS: fromS } };
    }
    case 'stats':
      return { ...state, stats: message.stats };
    case 'suspended': {
      const { fromS, untilS } = message;
      return { ...state, suspensions: [...state.suspensions, { fromS, untilS }] };
    }
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

/** The state after a failure of the whole capture. Only the first failure is kept. */
export function withFailure(state: CaptureState, failure: RecordingError): CaptureState {
  return { ...state, failure: state.failure ?? failure };
}

/** The state after an encoding has failed. If it was the last one that worked, the whole capture has failed. */
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
