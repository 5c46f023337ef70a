/**
 * The upload of one growing file to an object store. spooledStorage needs nothing else from a store. check,
 * finish and abort throw storage_failed.
 */
export interface Upload {
  /** The address of the object, such as s3://bucket/key. */
  readonly location: string;
  /** Throws, before anything is recorded, if the store cannot be written to or already has such an object. */
  check(): Promise<void>;
  /**
   * Notes that the file at `path` is now `writtenBytes` long. It may then send, in the background, what no
   * longer changes. Never throws: what could not be sent is sent again by finish().
   */
  follow(path: string, writtenBytes: number): void;
  /** Waits until the growing file is no longer being read. Never throws. */
  settle(): Promise<void>;
  /** Sends all that is missing of the complete file at `path`. When it resolves, the object exists. */
  finish(path: string, totalBytes: number): Promise<void>;
  /** Removes the parts of an object that is not complete. */
  abort(): Promise<void>;
}
