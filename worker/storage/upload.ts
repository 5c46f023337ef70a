import type { Confirmed, Json, Waiting } from './storage.ts';

/**
 * The upload of one growing file to an object store. spooledStorage needs nothing else from a store. check,
 * finish and abort throw storage_failed.
 */
export interface Upload {
  /** The address of the object, such as s3://bucket/key. */
  readonly location: string;
  /**
   * Throws, before anything is recorded, if the store refuses the object or already has it. A store that is
   * down or does not answer is no reason: the object waits until it is back.
   */
  check(): Promise<void>;
  /**
   * Notes that the source is `writtenBytes` long, which another process began. It may then send, in the
   * background, what is behind the first part. Never throws: what cannot be sent is tried again. The bytes
   * before `settledBytes` are in the store only.
   */
  goOn(source: UploadSource, writtenBytes: number, settledBytes: number): void;
  /** As above, where that piece was written. */
  follow(source: UploadSource, writtenBytes: number, piece: WrittenPiece): void;
  /** Notes that the source was cut off there, so that what is sent behind it has to be sent anew. */
  cutOff(source: UploadSource, writtenBytes: number): void;
  /** What another process needs to know to go on with the upload. */
  state(): { readonly [key: string]: Json };
  waitingSince(): Waiting | null;
  /**
   * Sends all that is missing of the source, which is complete now. When it resolves, the object exists. It
   * resolves to the length of the object. `confirmed` is awaited right before the object is complete.
   */
  finish(source: UploadSource, totalBytes: number, replaced: Replaced, confirmed: Confirmed): Promise<number>;
  /** Sends nothing more and keeps what was sent. finish() then fails. Never throws. */
  stop(): Promise<void>;
  /** Removes the parts of an object that is not complete. */
  abort(): Promise<void>;
}

/** The file that is uploaded. */
export interface UploadSource {
  readonly partPath: string;
  /** Throws if the file belongs to another process now, which then sends it. */
  checkOwner(): Promise<void>;
}

/** Bytes that were written to the file. */
export interface WrittenPiece {
  readonly position: number;
  readonly length: number;
  /** How many of them, at their beginning, say what is in the file. */
  readonly headerBytes: number;
}

/** What the object begins with in place of the first bytes of its source, and what is appended to it. */
export interface Replaced {
  readonly bytes: number;
  readonly front: Uint8Array;
  readonly tail: Uint8Array;
  /** Makes them anew, with a front of that length. */
  build(frontBytes: number): { readonly front: Uint8Array; readonly tail: Uint8Array };
}
