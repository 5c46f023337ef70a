import type { PictureCounts } from './recorderMessages.ts';

/**
 * What the composer in a recorded page tells the recorder page, through the worker. Times are microseconds of the clock of
 * captured pictures.
 */
export type ComposerMessage =
  /** The first picture is in. `startUs` is the time of slot 0. */
  | {
      readonly type: 'begun';
      readonly startsBlank: boolean;
      readonly startUs: number;
      readonly firstSlot: number;
    }
  /** An encoded picture of an encoding. */
  | {
      readonly type: 'picture';
      readonly encoding: number;
      readonly isKey: boolean;
      readonly timestampUs: number;
      readonly durationUs: number;
      /** In base64. */
      readonly data: string;
      /** How to decode it; null where that has not changed. */
      readonly config: ComposedConfig | null;
    }
  | { readonly type: 'stats'; readonly stats: ComposerStats }
  /** Every picture was sent. */
  | { readonly type: 'finished'; readonly stats: ComposerStats }
  | { readonly type: 'full' }
  /** Nothing can go on. */
  | { readonly type: 'failed'; readonly message: string };

export interface ComposedConfig {
  readonly codec: string;
  readonly codedWidth: number;
  readonly codedHeight: number;
  /** In base64; null where the codec needs none. */
  readonly description: string | null;
}

export interface ComposerStats {
  /** Placed so far, with those before the first one. */
  readonly slots: number;
  readonly encodings: readonly PictureCounts[];
  readonly blankForS: number;
  readonly silentForS: number;
  /** For how many seconds videos went into the picture as they were decoded. */
  readonly decodedS: number;
  /** Why the browser draws the videos itself; null where it does not. */
  readonly why: string | null;
}
