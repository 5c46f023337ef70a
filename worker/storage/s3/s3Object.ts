import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  paginateListParts,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { RecordingError } from '../../recordingError.ts';
import { isUploadLost, statusOf } from './s3Errors.ts';

/** An object that is to be written. */
export interface S3Target {
  readonly bucket: string;
  readonly key: string;
  readonly mediaType: string;
}

/** ETags of the parts that were sent, by the number of the part. */
export type SentParts = ReadonlyMap<number, string>;

/** The requests that write one object, in one piece or in parts. They throw the SDK's errors. */
export interface S3Object {
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

export function s3Object(client: S3Client, { bucket, key, mediaType }: S3Target): S3Object {
  const at = { Bucket: bucket, Key: key };
  const length = async (abortSignal: AbortSignal) => {
    try {
      return (await client.send(new HeadObjectCommand(at), { abortSignal })).ContentLength ?? 0;
    } catch (error) {
      // Whoever may write to a bucket but not read it gets no answer. The object is then taken to be missing.
      if (statusOf(error) === 404 || statusOf(error) === 403) return null;
      throw error;
    }
  };
  return {
    length,
    check: async (abortSignal) => {
      await client.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal });
      if ((await length(abortSignal)) !== null)
        throw new RecordingError('storage_failed', 'the object exists already and is not written over');
    },
    putWhole: async (Body, abortSignal) => {
      await client.send(new PutObjectCommand({ ...at, Body, ContentType: mediaType }), { abortSignal });
    },
    begin: async (abortSignal) => {
      const begin = new CreateMultipartUploadCommand({ ...at, ContentType: mediaType });
      return String((await client.send(begin, { abortSignal })).UploadId);
    },
    putPart: async (UploadId, PartNumber, Body, abortSignal) => {
      const put = new UploadPartCommand({ ...at, UploadId, PartNumber, Body });
      return String((await client.send(put, { abortSignal })).ETag);
    },
    complete: async (UploadId, sent, abortSignal) => {
      const Parts = [...sent]
        .toSorted(([a], [b]) => a - b)
        .map(([PartNumber, ETag]) => ({ PartNumber, ETag }));
      const complete = new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } });
      await client.send(complete, { abortSignal });
    },
    drop: async (UploadId, abortSignal) => {
      await client.send(new AbortMultipartUploadCommand({ ...at, UploadId }), { abortSignal });
    },
    partsOf: async (UploadId, abortSignal) => {
      const parts = new Map<number, string>();
      try {
        for await (const page of paginateListParts({ client }, { ...at, UploadId })) {
          abortSignal.throwIfAborted();
          for (const { PartNumber, ETag } of page.Parts ?? []) parts.set(Number(PartNumber), String(ETag));
          if (!page.IsTruncated) break; // some stores give a marker for a next page all the same
        }
        return parts;
      } catch (error) {
        if (isUploadLost(error)) return new Map();
        throw error;
      }
    },
    begun: async (abortSignal) => {
      const list = new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key });
      const { Uploads = [] } = await client.send(list, { abortSignal });
      return Uploads.filter(({ Key }) => Key === key).map(({ UploadId }) => String(UploadId));
    },
  };
}
