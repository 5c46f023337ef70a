import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createS3Upload } from '../../../../../worker/storage/s3/s3Upload.ts';
import { spooledStorage } from '../../../../../worker/storage/spooledStorage.ts';
import type { Sink, Storage } from '../../../../../worker/storage/storage.ts';
import type { Upload } from '../../../../../worker/storage/upload.ts';
import { s3Missing } from '../../../../support/startS3.ts';
import { type S3Place, startS3Place } from '../../../../support/startS3Place.ts';
import { type S3Proxy, startS3Proxy } from '../../../../support/startS3Proxy.ts';

const MIB = 1024 * 1024;
const FILE = { key: 'a.webm', mediaType: 'video/webm' };

if (s3Missing) console.warn(`SKIPPED: uploads to S3 (${s3Missing})`);

describe.skipIf(s3Missing)('an upload to a bucket that is unwell', () => {
  let place: S3Place;
  let proxy: S3Proxy;
  let storage: Storage;
  let upload: Upload;

  beforeEach(async () => {
    place = await startS3Place();
    proxy = await startS3Proxy(place.s3.endpoint);
    const { region, accessKeyId, secretAccessKey } = place.s3;
    const client = new S3Client({
      region,
      endpoint: proxy.endpoint,
      credentials: { accessKeyId, secretAccessKey },
      forcePathStyle: true,
      maxAttempts: 2, // A worker tries 8 times, which would only take longer here.
    });
    storage = spooledStorage((file) => {
      upload = createS3Upload(client, { bucket: place.target.bucket, ...file });
      return upload;
    }, place.folders);
  });

  afterEach(async () => {
    await proxy?.close();
    await place?.close();
  });

  /** Parts are of 16 MiB, and one is due when 16 MiB lie behind it: the second at 48 MiB, the third at 64. */
  async function write(sink: Sink, fromMib: number, toMib: number): Promise<void> {
    for (let index = fromMib; index < toMib; index++) await sink.write(Buffer.alloc(MIB, index), index * MIB);
  }

  const partsPassedOn = () =>
    proxy.passedOn().flatMap((line) => {
      const part = /^PUT .*partNumber=(\d+)/.exec(line)?.[1];
      return part ? [Number(part)] : [];
    });

  test('loses nothing if the bucket works again by the end', async () => {
    const sink = await storage.open(FILE);
    await write(sink, 0, 32);
    proxy.beUnwell(true);
    await write(sink, 32, 64);
    await upload.settle(); // It has given up for now.
    expect(proxy.refusedCount()).toBeGreaterThanOrEqual(2);
    proxy.beUnwell(false);
    const { location } = await sink.finish(null);
    expect(partsPassedOn()).toEqual([2, 3, 4, 1]);
    const stored = await place.read(location);
    expect(stored).toHaveLength(64 * MIB);
    expect([0, 16, 32, 63].map((index) => stored[index * MIB])).toEqual([0, 16, 32, 63]);
  });

  test('goes on with the part that failed as soon as the next one is due', async () => {
    const sink = await storage.open(FILE);
    proxy.beUnwell(true);
    await write(sink, 0, 50);
    await upload.settle(); // It has given up for now.
    expect(proxy.refusedCount()).toBeGreaterThanOrEqual(2);
    proxy.beUnwell(false);
    await write(sink, 50, 64);
    await upload.settle();
    expect(partsPassedOn()).toEqual([2, 3]);
    await sink.abort();
    expect(await place.contents()).toEqual({ complete: [], unfinished: [] });
  });

  test('leaves the whole file where only the worker can read it if the bucket does not work again', async () => {
    const sink = await storage.open(FILE);
    await write(sink, 0, 20);
    proxy.beUnwell(true);
    const kept = join(place.folders.rescue, FILE.key);
    const failure = sink.finish(null);
    await expect(failure).rejects.toMatchObject({ code: 'storage_failed' });
    await expect(failure).rejects.toThrow(/^s3:\/\/recordings\/a\.webm cannot be written: .* answered 503/);
    await expect(failure).rejects.toThrow(`the whole recording is kept at ${kept}`);
    expect(await stat(kept)).toMatchObject({ size: 20 * MIB });
    expect((await stat(kept)).mode & 0o777).toBe(0o600);
    expect((await stat(place.folders.rescue)).mode & 0o777).toBe(0o700);
    expect((await stat(place.folders.spool)).mode & 0o777).toBe(0o700);
    await sink.abort();
    expect(await readdir(place.folders.rescue)).toEqual([FILE.key]);
  });

  test('does not overwrite a file that was kept before', async () => {
    const first = await storage.open(FILE);
    await write(first, 0, 1);
    proxy.beUnwell(true);
    await expect(first.finish(null)).rejects.toThrow('is kept at');
    proxy.beUnwell(false);
    await expect(storage.open(FILE)).rejects.toThrow(/undelivered\/a\.webm exists already/);
  });
});
