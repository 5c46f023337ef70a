import type { ComposerOptions } from '../../../shared/recorder/composerCalls.ts';
import type { ContinuedTimeline } from '../../../shared/recorder/recorderCalls.ts';
import type { Tile } from './tile.ts';

/** What all videos of the page show instead of their own pictures. */
export type Level = 'black' | 'white';

/** What the page tells the composer's thread. */
export type ToThread =
  | { readonly type: 'video'; readonly id: number; readonly frames: ReadableStream<VideoFrame> }
  | { readonly type: 'video_gone'; readonly id: number }
  | (ComposerOptions & {
      readonly type: 'open';
      /** The time origin of the page as performance.timeOrigin. */
      readonly timeOriginUnixMs: number;
      /** Pictures of the page itself. */
      readonly captured: ReadableStream<VideoFrame>;
    })
  | { readonly type: 'begin'; readonly continues: ContinuedTimeline | null }
  | { readonly type: 'end'; readonly atUs: number }
  | { readonly type: 'picture' }
  /** The answer to `show`. `why` says why the browser has to draw the videos itself; null where it need not. */
  | ({ readonly type: 'shown' } & Shown)
  /** After `shown`: every stand-in has given the browser a frame of that level to draw. */
  | { readonly type: 'presented'; readonly level: Level }
  /** The answer to `draw`: every video shows itself. */
  | { readonly type: 'drawn' }
  /** The answer to `look`. */
  | ({ readonly type: 'looked' } & Shown);

export interface Shown {
  readonly tiles: readonly Tile[];
  readonly why: string | null;
}

/** What the thread tells the page. */
export type FromThread =
  /** The first picture of the page has come. */
  | { readonly type: 'captured' }
  /** A video has its first frame, or frames of another size. */
  | { readonly type: 'shape'; readonly id: number; readonly width: number; readonly height: number }
  /** Let all videos show this, and say where they are. */
  | { readonly type: 'show'; readonly level: Level }
  /** Let all videos play themselves. */
  | { readonly type: 'draw' }
  /** Say where the videos are, and whether the browser has to draw them itself. */
  | { readonly type: 'look' }
  /** Let all videos play their stand-ins. */
  | { readonly type: 'stand_in' }
  /** The answer to `picture`: a JPEG in base64, or null where there is no picture. */
  | { readonly type: 'pictured'; readonly jpeg: string | null }
  /** A list of ComposerMessage as JSON. */
  | { readonly type: 'tell'; readonly messages: string };
