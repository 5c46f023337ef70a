/** How a recording stands. Frames are counted on the constant frame rate timeline. */
export interface CaptureStats {
  /** Of the first encoding, as in `encodings[0]`. */
  readonly frames: number;
  readonly droppedFrames: number;
  readonly durationS: number;
  /** Since how long the picture has been one flat colour; 0 where it is not. */
  readonly blankForS: number;
  /** Since how long no picture has come from the tab. */
  readonly silentForS: number;
  /** For how many seconds videos went into the picture as they were decoded. */
  readonly decodedS: number;
  /** The pictures of each encoding, in the order in which the encodings were given. */
  readonly encodings: readonly PictureCounts[];
}

/** How many pictures an encoding holds. The counts of an encoding that has failed stand still. */
export interface PictureCounts {
  readonly frames: number;
  /** Slots filled with the previous picture although the page was painting. */
  readonly droppedFrames: number;
}

/** What the recorder page tells the worker. */
export type RecorderMessage =
  /** The first picture is in; the recording has begun. */
  | {
      readonly type: 'begun';
      readonly startsBlank: boolean;
      /** The instant of the first picture of the whole recording, in microseconds of the recorder's clock. */
      readonly startUs: number;
      /** Where this page's first picture is, in seconds of the recording: 0 unless it goes on with one. */
      readonly fromS: number;
    }
  | { readonly type: 'stats'; readonly stats: CaptureStats }
  /** The page did not run from one second of the recording to another: the machine was suspended. */
  | { readonly type: 'suspended'; readonly fromS: number; readonly untilS: number }
  | { readonly type: 'max_duration' }
  /** This encoding cannot go on; the others do. */
  | { readonly type: 'encoding_failed'; readonly encoding: number; readonly message: string }
  /** Nothing can go on. */
  | { readonly type: 'failed'; readonly message: string };
