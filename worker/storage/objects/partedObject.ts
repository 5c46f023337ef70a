/** ETags of the parts that were sent, by the number of the part. */
export type SentParts = ReadonlyMap<number, string>;

/** The requests that write one object, in one piece or in parts. They throw errors that storeErrors.ts can read. */
export interface PartedObject {
  /** Throws if the bucket is missing or access is denied, or if it holds the object already. */
  check(signal: AbortSignal): Promise<void>;
  /** The length of the object, or null if it does not exist or may not be read. */
  length(signal: AbortSignal): Promise<number | null>;
  putWhole(bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Resolves to the id of the upload. */
  begin(signal: AbortSignal): Promise<string>;
  /** Parts are numbered from 1 and may be sent in any order. Resolves to the part's ETag. */
  putPart(uploadId: string, part: number, bytes: Uint8Array, signal: AbortSignal): Promise<string>;
  complete(uploadId: string, parts: SentParts, signal: AbortSignal): Promise<void>;
  /** Removes the parts of an upload that was not completed. */
  drop(uploadId: string, signal: AbortSignal): Promise<void>;
  /** The parts that the store has of an upload; none if it does not know the upload. */
  partsOf(uploadId: string, signal: AbortSignal): Promise<SentParts>;
  /** The ids of all uploads of this object that were begun and not completed. */
  begun(signal: AbortSignal): Promise<string[]>;
}
