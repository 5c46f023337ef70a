import { open } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadBucketCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { messageOf, RecordingError } from '../recordingError.ts';

/** S3 takes parts of 5 MiB to 5 GiB, 10,000 of them; 16 MiB allows 156 GiB. */
const PART_BYTES = 16 * 1024 * 1024;
/** What lies this far behind the end of the file is written over no more; a WebM cluster is 2 s long at most. */
const SETTLED_BYTES = 16 * 1024 * 1024;

export type S3Upload = ReturnType<typeof createS3Upload>;

/**
 * One object on its way to a bucket: whole parts of a growing file are sent one after another in the background.
 * The first part is sent last, since the header in it is written over at the end.
 */
export function createS3Upload(
  client: S3Client,
  { bucket, key, mediaType }: { bucket: string; key: string; mediaType: string },
) {
  const location = `s3://${bucket}/${key}`;
  const at = { Bucket: bucket, Key: key };
  const parts: CompletedPart[] = [];
  let uploadId: string | undefined;
  let sentBytes = PART_BYTES;
  let sending: Promise<void> = Promise.resolve();

  async function sendPart(path: string, start: number, length: number): Promise<void> {
    uploadId ??= (await client.send(new CreateMultipartUploadCommand({ ...at, ContentType: mediaType })))
      .UploadId;
    const PartNumber = start / PART_BYTES + 1;
    const Body = await readRange(path, start, length);
    const { ETag } = await client.send(
      new UploadPartCommand({ ...at, UploadId: uploadId, PartNumber, Body }),
    );
    parts.push({ PartNumber, ETag });
  }

  return {
    location,
    /** Fails before anything is recorded where the bucket is missing or closed to us. */
    check: () => delivering(location, () => client.send(new HeadBucketCommand({ Bucket: bucket }))),
    /** Queues every whole part that is settled; a failure shows up in finish(). */
    follow: (path: string, writtenBytes: number) => {
      for (; writtenBytes - SETTLED_BYTES - sentBytes >= PART_BYTES; sentBytes += PART_BYTES) {
        const start = sentBytes;
        sending = sending.then(() => sendPart(path, start, PART_BYTES));
        sending.catch(() => {});
      }
    },
    /** Waits for the parts under way; a failed one is reported by finish(). */
    settle: () => sending.catch(() => {}),
    finish: (path: string, totalBytes: number) =>
      delivering(location, async () => {
        await sending;
        if (totalBytes <= PART_BYTES) {
          const Body = await readRange(path, 0, totalBytes);
          await client.send(new PutObjectCommand({ ...at, Body, ContentType: mediaType }));
          return;
        }
        for (; sentBytes < totalBytes; sentBytes += PART_BYTES)
          await sendPart(path, sentBytes, Math.min(PART_BYTES, totalBytes - sentBytes));
        await sendPart(path, 0, PART_BYTES);
        parts.sort((a, b) => Number(a.PartNumber) - Number(b.PartNumber));
        await client.send(
          new CompleteMultipartUploadCommand({
            ...at,
            UploadId: uploadId,
            MultipartUpload: { Parts: parts },
          }),
        );
      }),
    abort: async () => {
      await sending.catch(() => {});
      if (uploadId !== undefined)
        await client.send(new AbortMultipartUploadCommand({ ...at, UploadId: uploadId }));
    },
  };
}

async function readRange(path: string, start: number, length: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    await file.read(bytes, 0, length, start);
    return bytes;
  } finally {
    await file.close();
  }
}

async function delivering<T>(location: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    const name = error instanceof Error ? error.name : 'error';
    throw new RecordingError(
      'storage_failed',
      `${location} cannot be written: ${name}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}
