import type { Container, H264Profile } from '../encoding/encodingProfile.ts';

/** What the recorder page is told when it opens the tab's stream. Times are microseconds of one monotonic clock. */
export interface RecorderOptions {
  readonly targetTabUrl: string;
  readonly audioOnly: boolean;
  readonly container: Container;
  readonly h264Profile: H264Profile;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly framesPerSecond: number;
  readonly videoBitrateBps: number;
  readonly audioBitrateBps: number;
  readonly keyFrameIntervalS: number;
  /** The recording never gets longer than this. */
  readonly maxDurationS: number;
  /** The recorder page's time origin on the clock of video timestamps. */
  readonly timeOriginUs: number;
}

/** How a recording stands. Frames are counted on the constant frame rate timeline. */
export interface CaptureStats {
  readonly frames: number;
  /** Slots filled with the previous picture although the page was painting. */
  readonly droppedFrames: number;
  readonly durationS: number;
  /** Since how long the picture has been one flat colour; 0 where it is not. */
  readonly blankForS: number;
  /** Since how long no picture has come from the tab. */
  readonly silentForS: number;
}

/** What the recorder page tells the worker. */
export type RecorderMessage =
  /** The first picture is in; the recording has begun. */
  | { readonly type: 'begun'; readonly startsBlank: boolean }
  | { readonly type: 'stats'; readonly stats: CaptureStats }
  | { readonly type: 'max_duration' }
  | { readonly type: 'failed'; readonly message: string };
