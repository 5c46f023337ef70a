import type { EncodingProfile } from '../encoding/encodingProfile.ts';
import type { PauseMode } from '../events/recordingEvents.ts';
import type { ComposerMessage } from './composerMessages.ts';
import type { CaptureStats, RecorderMessage } from './recorderMessages.ts';

/** What the worker calls in the recorder page: the page's global object `recorder`. Each call rejects where it fails. */
export interface RecorderCalls {
  /** Opens the stream of a tab and gets ready to record it. */
  open(options: RecorderOptions): Promise<void>;
  /** Starts to record: with the next picture that is not blank, or, where a recording goes on, with the next picture. */
  begin(continues: ContinuedTimeline | null, isComposed: boolean): Promise<void>;
  /** Hands on what the composer of the recorded page tells. */
  takeComposed(messages: readonly ComposerMessage[]): Promise<void>;
  /** Ends the recording at this instant; resolves once the worker has taken its last byte. */
  stop(): Promise<CaptureStats>;
  /**
   * Ends what is recorded as `stop` does, and reads nothing of the tab any more. The stream stays open, because a tab in
   * the background that nobody captures is hidden from its page.
   */
  pause(): Promise<CaptureStats>;
  /** Gets ready to record the tab again after a pause, as `open` does. */
  resume(): Promise<void>;
  /** The last picture of the tab as a small JPEG, in base64; null where there is none. */
  picture(): Promise<string | null>;
}

/** What the recorder page calls in the worker: global functions of the page, which the worker defines before it opens the stream. */
export interface WorkerCalls {
  recorderMessage(message: RecorderMessage): Promise<void>;
  /** Hands on bytes of an encoding's file, with their place in it; resolves once they are taken. */
  recorderBytes(encoding: number, base64: string, position: number): Promise<void>;
  /** Lets the composer of the recorded page begin, and end at an instant of the recorder's clock, in microseconds. */
  composerBegin(continues: ContinuedTimeline | null): Promise<void>;
  composerEnd(atUs: number): Promise<void>;
}

/** What the recorder page is told when it opens the tab's stream. Times are microseconds of one monotonic clock. */
export interface RecorderOptions {
  readonly targetTabUrl: string;
  readonly audioOnly: boolean;
  readonly picture: PictureFormat;
  /** At least one. Each becomes a file of its own, all of the same pictures and the same sound. */
  readonly encodings: readonly RecordedEncoding[];
  /** The recording never gets longer than this. */
  readonly maxDurationS: number;
  /** The recorder page's time origin on the clock of video timestamps. */
  readonly timeOriginUs: number;
}

/** A recording that another recorder page began. Its timeline and its files go on. */
export interface ContinuedTimeline {
  /** The instant of the first picture of the recording. It may be negative. */
  readonly startUs: number;
  /**
   * The pause that is over now; null where something was lost instead. After `skip`, the next picture goes directly behind
   * what is written, so that the timeline begins later than `startUs`.
   */
  readonly afterPause: PauseMode | null;
  /** Up to where the file of each encoding is written, in seconds of the timeline. */
  readonly written: readonly { readonly videoS: number; readonly audioS: number }[];
}

/** The size and rate at which the tab is captured, which all encodings share. */
export interface PictureFormat {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly framesPerSecond: number;
}

/** How one file is encoded. */
export type RecordedEncoding = Pick<
  EncodingProfile,
  'container' | 'h264Profile' | 'videoBitrateBps' | 'audioBitrateBps' | 'keyFrameIntervalS'
>;
