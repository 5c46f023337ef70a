/** What a finished recording is and where. */
export interface StoredFile {
  /** A path, or an s3:// address. */
  readonly location: string;
  readonly sizeBytes: number;
}

/** A recording being written, in order from its first byte. */
export interface Sink {
  /** Resolves once the bytes are taken; a slow target slows the writer. Throws storage_failed. */
  write(bytes: Uint8Array): Promise<void>;
  /** How much was written. */
  sizeBytes(): number;
  /** Completes the file. Throws storage_failed; what could not be delivered is kept and named in the error. */
  finish(): Promise<StoredFile>;
  /** Leaves nothing behind. Does nothing after finish(). */
  abort(): Promise<void>;
}

/** A place to store recordings. Throws storage_failed where it cannot be written to. */
export interface Storage {
  open(key: string): Promise<Sink>;
}
