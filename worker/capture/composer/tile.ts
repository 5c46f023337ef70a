/** Where a video lies in the picture, in pixels from its upper left corner, which need not be whole. */
export interface Tile {
  readonly id: number;
  /** Where the whole frame of the video lies; parts of it may be cut off. */
  readonly box: Box;
  /** No pixel outside shows anything of the video. */
  readonly clip: Box;
  /** Whether left and right are exchanged. */
  readonly isMirrored: boolean;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
