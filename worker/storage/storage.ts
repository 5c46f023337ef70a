/** A place to store recordings. */
export interface Storage {
  /**
   * Begins a file. Throws storage_failed where the place cannot be written to, or holds a file of that key
   * already: nothing is ever written over.
   */
  open(file: NewFile): Promise<Sink>;
}

/** What a recording is to be called, and its media type. */
export interface NewFile {
  /** The path of the file below the folder or the bucket's prefix. */
  readonly key: string;
  readonly mediaType: string;
}

/**
 * A recording that is being written. Its bytes come in order, from the first one on. Only a little of what was
 * written before is written over later, namely sizes and the duration in headers. It lies within the file's first
 * MiB, or within the last 16 MiB of what there is by then.
 */
export interface Sink {
  /** Where the bytes written so far lie on this machine. The path holds good until finish() or abort(). */
  readonly localPath: string;
  /** Resolves once the bytes are on this machine's disk or in its cache. Throws storage_failed. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** How long the file is so far. */
  sizeBytes(): number;
  /** Completes the file. Throws storage_failed; the error then names the file that holds what was recorded. */
  finish(): Promise<StoredFile>;
  /** Deletes what was written, here and in the store. Does nothing after finish(). */
  abort(): Promise<void>;
}

/** A finished recording. */
export interface StoredFile {
  /** A path, or an address such as s3://bucket/key. */
  readonly location: string;
  readonly sizeBytes: number;
}
