import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';

/** An object that is to be written. */
export interface S3Object {
  readonly bucket: string;
  readonly key: string;
  readonly mediaType: string;
}

/** The requests that write one object, in one piece or in parts. They throw the SDK's errors. */
export function s3Object(client: S3Client, { bucket, key, mediaType }: S3Object) {
  const at = { Bucket: bucket, Key: key };
  const sent: CompletedPart[] = [];
  let uploadId: string | undefined;

  return {
    /** Throws if the bucket is missing or access is denied, or if it holds the object already. */
    check: async () => {
      await client.send(new HeadBucketCommand({ Bucket: bucket }));
      if (await exists(client, at)) throw new Error('the object exists already and is not written over');
    },

    putWhole: async (bytes: Uint8Array) => {
      await client.send(new PutObjectCommand({ ...at, Body: bytes, ContentType: mediaType }));
    },

    /** Parts are numbered from 1 and may be sent in any order. */
    putPart: async (partNumber: number, bytes: Uint8Array) => {
      const begin = new CreateMultipartUploadCommand({ ...at, ContentType: mediaType });
      uploadId ??= (await client.send(begin)).UploadId;
      const { ETag } = await client.send(
        new UploadPartCommand({ ...at, UploadId: uploadId, PartNumber: partNumber, Body: bytes }),
      );
      sent.push({ PartNumber: partNumber, ETag });
    },

    completeParts: async () => {
      const Parts = sent.toSorted((a, b) => Number(a.PartNumber) - Number(b.PartNumber));
      await client.send(
        new CompleteMultipartUploadCommand({ ...at, UploadId: uploadId, MultipartUpload: { Parts } }),
      );
    },

    /** Removes the parts of an upload that was not completed. */
    dropParts: async () => {
      if (uploadId === undefined) return;
      await client.send(new AbortMultipartUploadCommand({ ...at, UploadId: uploadId }));
    },
  };
}

/** Whoever may write to a bucket but not read it gets no answer. The object is then taken to be missing. */
async function exists(client: S3Client, at: { Bucket: string; Key: string }): Promise<boolean> {
  try {
    await client.send(new HeadObjectCommand(at));
    return true;
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status === 404 || status === 403) return false;
    throw error;
  }
}
