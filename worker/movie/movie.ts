import type { Ending } from '../storage/storage.ts';

/** What the file will hold, as far as it is known before. */
export interface MovieOptions {
  readonly container: 'mp4' | 'webm';
  /** 0 if there is only sound. */
  readonly framesPerSecond: number;
  readonly maxDurationS: number;
}

/** Bytes and their position in the unfinished file. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly position: number;
  /**
   * How many of the bytes, at their beginning, suffice to read the movie back. Without it, nobody can do so who
   * lacks some of the bytes.
   */
  readonly headerBytes?: number;
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
  /** From now on, take() is given the bytes of a new recorder page's file. What was incomplete is dropped. */
  beginSegment(): void;
  /**
   * Takes bytes of the recorder page's file and their position in it. Returns what is to be written now: only
   * what is complete, so that the unfinished file can be played, and gone on with, whenever it is cut off.
   * Throws if the bytes are not what a recorder page delivers.
   */
  take(bytes: Uint8Array, position: number): readonly Piece[];
  /**
   * Leaves out what lies between the last fragment and `position`, or a little behind it. Returns what is to be
   * written for that. Throws if this kind of file has no way to say so.
   */
  skipTo(position: number): readonly Piece[];
  written(): Written;
  /** The length of the unfinished file, with the room that is kept free in it. */
  sizeBytes(): number;
  /** The same without that room. */
  heldBytes(): number;
  /** What makes an ordinary file of the unfinished one; null if that has been done, or if nothing is written. */
  ending(): Ending | null;
}
