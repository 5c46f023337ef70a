/** A place to store recordings. */
export interface Storage {
  /**
   * Begins a file. Throws storage_failed if the place cannot be written to, or if it already holds a file of
   * that key: nothing is ever overwritten.
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
 * A recording that is being written. Its bytes come in order, starting with the first. Only sizes and the
 * duration in headers are overwritten later. They lie within the file's first MiB, or within the last 16 MiB
 * that are written by then.
 */
export interface Sink {
  /** The path of the bytes written so far on this machine. It is valid until finish() or abort(). */
  readonly localPath: string;
  /** Resolves once the bytes are on this machine's disk or in its cache. Throws storage_failed. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** The length of the file so far. */
  sizeBytes(): number;
  /**
   * Completes the file. Throws storage_failed, and the error then names the file that holds what was
   * recorded.
   */
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
