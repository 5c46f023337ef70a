import type { S3Client } from '@aws-sdk/client-s3';
import { readRange } from '../readRange.ts';
import type { Upload } from '../upload.ts';
import { namingFailure } from './namingFailure.ts';
import { type S3Object, s3Object } from './s3Object.ts';

/** S3 takes parts of 5 MiB to 5 GiB, 10,000 of them; 16 MiB allows 156 GiB. */
const PART_BYTES = 16 * 1024 * 1024;
/**
 * Bytes that are this far behind the end of the file no longer change, because a WebM cluster lasts 2 s at
 * most.
 */
const SETTLED_BYTES = 16 * 1024 * 1024;

/**
 * Sends whole parts of a growing file one after another in the background. The first part is sent last,
 * because the header in it is overwritten at the end. A part that could not be sent is tried again when the
 * next one is due, and by finish(), before the parts that follow it.
 */
export function createS3Upload(client: S3Client, target: S3Object): Upload {
  const location = `s3://${target.bucket}/${target.key}`;
  const notWritten = `${location} cannot be written`;
  const object = s3Object(client, target);
  /** The positions of the parts that may be sent now and are not sent yet, in order. */
  const due: number[] = [];
  /** The position of the first part that may not be sent yet. */
  let nextStart = PART_BYTES;
  let sending: Promise<void> | null = null;

  async function sendPart(path: string, start: number, length: number): Promise<void> {
    await object.putPart(start / PART_BYTES + 1, await readRange(path, start, length));
  }

  async function sendDue(path: string, endBytes: number): Promise<void> {
    for (let start = due[0]; start !== undefined; start = due[0]) {
      await sendPart(path, start, Math.min(PART_BYTES, endBytes - start));
      due.shift();
    }
  }

  function becomeDue(uptoBytes: number): void {
    for (; nextStart < uptoBytes; nextStart += PART_BYTES) due.push(nextStart);
  }

  return {
    location,
    check: () => namingFailure(notWritten, object.check),
    follow: (path, writtenBytes) => {
      const settledBytes = writtenBytes - SETTLED_BYTES;
      const dueBefore = due.length;
      becomeDue(Math.floor(settledBytes / PART_BYTES) * PART_BYTES);
      if (due.length === dueBefore || sending !== null) return;
      sending = sendDue(path, Number.POSITIVE_INFINITY)
        .catch(() => {}) // finish() sends what is still missing then
        .finally(() => {
          sending = null;
        });
    },
    settle: async () => {
      await sending;
    },
    finish: (path, totalBytes) =>
      namingFailure(notWritten, async () => {
        await sending;
        if (totalBytes <= PART_BYTES) return object.putWhole(await readRange(path, 0, totalBytes));
        becomeDue(totalBytes);
        await sendDue(path, totalBytes);
        await sendPart(path, 0, PART_BYTES);
        await object.completeParts();
      }),
    abort: async () => {
      due.length = 0;
      await sending;
      await namingFailure(`What was sent of ${location} cannot be removed`, object.dropParts);
    },
  };
}
