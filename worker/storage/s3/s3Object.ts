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
import type { PartedObject } from '../objects/partedObject.ts';
import { refuseTaken } from '../objects/refuseTaken.ts';
import { isUploadLost, statusOf } from '../objects/storeErrors.ts';

/** An object that is to be written. */
export interface S3Target {
  readonly bucket: string;
  readonly key: string;
  readonly mediaType: string;
}

export function s3Object(client: S3Client, { bucket, key, mediaType }: S3Target): PartedObject {
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
      await refuseTaken(length, abortSignal);
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
