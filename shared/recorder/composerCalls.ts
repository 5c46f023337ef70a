import type { ContinuedTimeline, PictureFormat, RecordedEncoding } from './recorderCalls.ts';

/** What the worker calls in the composer of a recorded page: the object `window.callCompositor.composer`. */
export interface ComposerCalls {
  /** Whether the page has handed over a video, or said that it will. */
  isAsked(): boolean;
  /** Captures the page and gets ready to compose. */
  open(options: ComposerOptions): Promise<void>;
  /** Lets all videos play themselves, because the page is captured as the browser draws it. */
  giveUp(): Promise<void>;
  begin(continues: ContinuedTimeline | null): void;
  /** Ends at an instant of the clock of captured pictures, in microseconds. */
  end(atUs: number): void;
  /** The last picture that was composed as a small JPEG, in base64; null where there is none. */
  picture(): Promise<string | null>;
}

export interface ComposerOptions {
  readonly picture: PictureFormat;
  readonly encodings: readonly RecordedEncoding[];
  readonly maxDurationS: number;
  /** The page's time origin on the clock of captured pictures. */
  readonly timeOriginUs: number;
}
