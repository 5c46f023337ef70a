import type { Ending } from '../storage/storage.ts';

/** Bytes and their position in the finished file's predecessor, the unfinished file. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly position: number;
}

/** Up to where a file has pictures and sound, in seconds of the recording, and how many pictures. */
export interface Written {
  readonly videoS: number;
  readonly audioS: number;
  readonly frames: number;
}

/**
 * One file that is made of what several recorder pages deliver, one after the other. It decides what is
 * written where, but it writes nothing itself.
 */
export interface Movie {
  /** From now on, take() is given the bytes of a new recorder page's file. */
  beginSegment(): void;
  /**
   * Takes bytes of the recorder page's file and their position in it. Returns what is to be written now: only
   * what is complete, so that the unfinished file can be played, and gone on with, whenever it is cut off.
   */
  take(bytes: Uint8Array, position: number): readonly Piece[];
  written(): Written;
  /** The length of the unfinished file, with the room that is kept free in it. */
  sizeBytes(): number;
  /** The same without that room. */
  heldBytes(): number;
  /** Forgets what ends behind that many bytes. */
  truncate(sizeBytes: number): void;
  /** What makes an ordinary file of the unfinished one; null if that has been done. */
  ending(): Ending | null;
}
