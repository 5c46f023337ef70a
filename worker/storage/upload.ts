/**
 * One object on its way from a growing file to an object store. This is all that spooledStorage asks of a
 * store. check, finish and abort throw storage_failed.
 */
export interface Upload {
  /** The address of the object, such as s3://bucket/key. */
  readonly location: string;
  /** Throws before anything is recorded if the store cannot be written to or has such an object already. */
  check(): Promise<void>;
  /**
   * Takes note that the file at `path` is now `writtenBytes` long, and may send in the background what will not
   * be written over any more. Never throws: what could not be sent is sent again by finish().
   */
  follow(path: string, writtenBytes: number): void;
  /** Waits until nothing is read from the growing file any more. Never throws. */
  settle(): Promise<void>;
  /** Sends all that is missing of the complete file at `path`, so that the object exists when it resolves. */
  finish(path: string, totalBytes: number): Promise<void>;
  /** Removes what was sent of an object that is not complete. */
  abort(): Promise<void>;
}
