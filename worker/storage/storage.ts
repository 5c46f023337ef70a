/** What a finished recording is and where. */
export interface StoredFile {
  /** A path, or an s3:// address. */
  readonly location: string;
  readonly sizeBytes: number;
}

/** What a recording is to be called, and its media type. */
export interface NewFile {
  readonly key: string;
  readonly mediaType: string;
}

/**
 * A recording being written. Bytes come in order from its first one; only a little that was written, sizes and
 * the duration in headers, is written over: close to the end of what there is, or in the file's first MiB.
 */
export interface Sink {
  /** Resolves once the bytes are taken; a slow target slows the writer. Throws storage_failed. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** How long the file is. */
  sizeBytes(): number;
  /** Completes the file. Throws storage_failed; what could not be delivered is kept and named in the error. */
  finish(): Promise<StoredFile>;
  /** Leaves nothing behind. Does nothing after finish(). */
  abort(): Promise<void>;
}

/** A place to store recordings. Throws storage_failed where it cannot be written to. */
export interface Storage {
  open(file: NewFile): Promise<Sink>;
}
