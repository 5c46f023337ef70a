/** A place to store recordings. */
export interface Storage {
  /**
   * Begins a file. Throws storage_failed if the place cannot be written to, or if it already holds a file of
   * that key: nothing is ever overwritten.
   */
  open(file: NewFile): Promise<Sink>;
  /**
   * Goes on with a file that another process began. From now on that process can no longer write to it.
   * Throws storage_failed if the bytes of the file cannot be reached from here.
   */
  resume(file: UnfinishedFile): Promise<Sink>;
  /** The file that another process began, where it is complete; null where it is not, or that cannot be seen. */
  stored(file: UnfinishedFile): Promise<StoredFile | null>;
}

/** What a recording is to be called, and its media type. */
export interface NewFile {
  /** The path of the file below the folder or the bucket's prefix. */
  readonly key: string;
  readonly mediaType: string;
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * Where an unfinished file is, so that another process can go on with it or finish it. What it holds besides
 * key and media type is the business of the storage that gave it.
 */
export interface UnfinishedFile {
  readonly key: string;
  readonly mediaType: string;
  readonly [more: string]: Json;
}

/**
 * A recording that is being written. Bytes are appended, and what has been appended does not change before
 * finish(), except within the first MiB. A write may leave a gap, which then holds zeros.
 */
export interface Sink {
  /** The path of the bytes written so far on this machine. It is valid until finish(), abort() or close(). */
  readonly localPath: string;
  /**
   * The bytes before this position can be neither read nor changed any more, because they are only in the store.
   * It is 0 unless the file was begun on another machine.
   */
  readonly settledBytes: number;
  /**
   * Resolves once the bytes are in the cache of this machine. They are on its disk at most a second later.
   * `headerBytes` tells how many of them, at their beginning, are needed to read the file back.
   * Throws storage_failed.
   */
  write(bytes: Uint8Array, position: number, headerBytes?: number): Promise<void>;
  /** The length of the file so far, with the gaps in it. */
  sizeBytes(): number;
  /** Drops what lies behind that many bytes. A file that is shorter gets zeros at its end. */
  truncate(sizeBytes: number): Promise<void>;
  /** Changes as the file is written. It is in a manifest, so that the file is not lost with this process. */
  unfinished(): UnfinishedFile;
  /** Writes the manifest of the recording next to the bytes, all at once. It is deleted with the `.part`. */
  keepManifest(manifest: object): Promise<void>;
  /** Since when something waits to be stored that could not be stored at once, and why; null if nothing does. */
  waitingSince(): Waiting | null;
  /**
   * Completes the file, whose front and end are replaced where an ending is given. Throws storage_failed, and
   * the error then names the file that holds what was recorded. Everything before the last step may take hours, so
   * `confirmed` is awaited right before it. If that rejects, everything is kept for whoever resumes.
   */
  finish(ending: Ending | null, confirmed?: Confirmed): Promise<StoredFile>;
  /** Stops writing, and keeps everything for whoever resumes. */
  close(): Promise<void>;
  /** Deletes what was written, here and in the store. Does nothing after finish() and close(). */
  abort(): Promise<void>;
}

/** Rejects if the recording is another worker's by now. */
export type Confirmed = () => Promise<void>;

/** Something that could not be stored yet. It is tried again. */
export interface Waiting {
  /** Wall clock, in Unix ms. */
  readonly sinceMs: number;
  readonly reason: string;
}

/** What makes an ordinary file of one that could be cut off anywhere. */
export interface Ending {
  /** How many of the file's first bytes the new front replaces. */
  readonly replacesBytes: number;
  /**
   * Makes the front, and what is appended to the file. If `frontBytes` is not null, the front has exactly that
   * length; otherwise it is as short as possible.
   */
  build(frontBytes: number | null): { readonly front: Uint8Array; readonly tail: Uint8Array };
}

/** A finished recording. */
export interface StoredFile {
  /** A path, or an address such as s3://bucket/key. */
  readonly location: string;
  readonly sizeBytes: number;
}
