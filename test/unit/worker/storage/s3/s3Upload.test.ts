import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ListPartsCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { s3Storage } from '../../../../../worker/storage/s3/s3Storage.ts';
import type { Ending, Sink, Storage } from '../../../../../worker/storage/storage.ts';
import { s3Missing } from '../../../../support/startS3.ts';
import { type S3Place, startS3Place } from '../../../../support/startS3Place.ts';
import { type S3Proxy, startS3Proxy } from '../../../../support/startS3Proxy.ts';

const MIB = 1024 * 1024;
const FILE = { key: 'a.webm', mediaType: 'video/webm' };

/** Parts of 16 MiB go through a machine that may be busy. */
const PATIENT_MS = 60_000;
vi.setConfig({ testTimeout: 2 * PATIENT_MS });
const seen = (check: () => void) => vi.waitFor(check, { timeout: PATIENT_MS });

if (s3Missing) console.warn(`SKIPPED: uploads to S3 (${s3Missing})`);

describe.skipIf(s3Missing)('an upload to a bucket that is unwell', () => {
  let place: S3Place;
  let proxy: S3Proxy;
  let storage: Storage;

  beforeEach(async () => {
    place = await startS3Place();
    proxy = await startS3Proxy(place.s3.endpoint);
    storage = through(60_000);
  });

  afterEach(async () => {
    await proxy?.close();
    await place?.close();
  });

  function through(giveUpAfterMs: number): Storage {
    return s3Storage({ ...place.target, endpoint: proxy.endpoint }, place.folders, { giveUpAfterMs });
  }

  /** Parts are of 16 MiB. The first is sent at the end, each other one as soon as it is whole. */
  async function write(sink: Sink, fromMib: number, toMib: number): Promise<void> {
    for (let index = fromMib; index < toMib; index++) await sink.write(Buffer.alloc(MIB, index), index * MIB);
  }

  const partsPassedOn = () =>
    proxy.passedOn().flatMap((line) => {
      const part = /^PUT .*partNumber=(\d+)/.exec(line)?.[1];
      return part ? [Number(part)] : [];
    });
  const marks = (bytes: Buffer, ...mebibytes: number[]) => mebibytes.map((index) => bytes[index * MIB]);

  test.each([403, 503])('loses nothing if it answers %i for a while', async (status) => {
    const sink = await storage.open(FILE);
    await write(sink, 0, 32);
    await seen(() => expect(partsPassedOn()).toEqual([2]));
    proxy.answer(status);
    await write(sink, 32, 64);
    await seen(() => expect(sink.waitingSince()?.reason).toContain(`answered ${status}`));
    expect(Date.now() - (sink.waitingSince()?.sinceMs ?? 0)).toBeLessThan(10_000);
    proxy.answer('well');
    const { location } = await sink.finish(null);
    expect(sink.waitingSince()).toBe(null);
    expect(partsPassedOn()).toEqual([2, 3, 4, 1]);
    const stored = await place.read(location);
    expect(stored).toHaveLength(64 * MIB);
    expect(marks(stored, 0, 16, 32, 63)).toEqual([0, 16, 32, 63]);
  });

  const PARTS = /^PUT .*partNumber=/;

  test('sends a part that it refuses once and not at every write, and is reported to wait', async () => {
    const sink = await storage.open(FILE);
    proxy.answer(413, PARTS);
    await write(sink, 0, 33);
    await seen(() => expect(sink.waitingSince()?.reason).toContain('answered 413'));
    for (let index = 33; index < 60; index++) {
      await write(sink, index, index + 1);
      await new Promise(setImmediate);
    }
    expect(proxy.refusedCount()).toBe(1);
    proxy.answer('well');
    const { location } = await sink.finish(null);
    expect(sink.waitingSince()).toBe(null);
    expect(marks(await place.read(location), 0, 16, 59)).toEqual([0, 16, 59]);
  });

  test('begins an upload anew after a pause, not again and again, if the store loses every one', async () => {
    const sink = await storage.open(FILE);
    proxy.answer('404 NoSuchUpload', PARTS);
    await write(sink, 0, 33);
    await seen(() => expect(sink.waitingSince()?.reason).toContain('NoSuchUpload'));
    for (let index = 33; index < 60; index++) {
      await write(sink, index, index + 1);
      await new Promise(setImmediate);
    }
    // Pauses of 1 s, 2 s and 4 s lie between the first four, and this took a few seconds at most.
    expect(proxy.refusedCount()).toBeLessThanOrEqual(4);
    proxy.answer('well');
    const { location } = await sink.finish(null);
    expect(marks(await place.read(location), 0, 16, 59)).toEqual([0, 16, 59]);
  });

  test('goes on by itself, before anything more is written', async () => {
    const sink = await storage.open(FILE);
    proxy.answer(503);
    await write(sink, 0, 50);
    await seen(() => expect(proxy.refusedCount()).toBeGreaterThanOrEqual(2));
    proxy.answer('well');
    await seen(() => expect(partsPassedOn()).toEqual([2, 3]));
    await sink.abort();
    expect(await place.contents()).toEqual({ complete: [], unfinished: [] });
  });

  test('is opened although it is down, and delivered when it is back', async () => {
    proxy.answer(503);
    const sink = await storage.open(FILE);
    await write(sink, 0, 20);
    const finishing = sink.finish(null);
    await seen(() => expect(sink.waitingSince()).not.toBe(null));
    proxy.answer('well');
    const { location, sizeBytes } = await finishing;
    expect(sizeBytes).toBe(20 * MIB);
    expect(marks(await place.read(location), 0, 19)).toEqual([0, 19]);
    expect(await readdir(place.folders.spool)).toEqual([]);
  });

  test('sends everything again if the store has lost the upload', async () => {
    const sink = await storage.open(FILE);
    await write(sink, 0, 40);
    await seen(() => expect(sink.unfinished().parts).toHaveLength(1));
    await place.dropUploads();
    // The server may end the connection while it is sent a part of an upload that it does not know.
    proxy.answer('404 NoSuchUpload', new RegExp(`uploadId=${sink.unfinished().uploadId}`));
    const { location } = await sink.finish(null);
    const stored = await place.read(location);
    expect(stored).toHaveLength(40 * MIB);
    expect(marks(stored, 0, 16, 39)).toEqual([0, 16, 39]);
  });

  test('leaves the whole file where only the worker can read it if it does not work again', async () => {
    storage = through(1500);
    const sink = await storage.open(FILE);
    await write(sink, 0, 20);
    proxy.answer(503, /^(PUT|POST)/);
    const kept = join(place.folders.rescue, FILE.key);
    const failure = sink.finish(null);
    await expect(failure).rejects.toMatchObject({ code: 'storage_failed', keptPath: kept });
    await expect(failure).rejects.toThrow(/^s3:\/\/recordings\/a\.webm cannot be written: .* answered 503/);
    await expect(failure).rejects.toThrow(`the whole recording is kept at ${kept}`);
    expect(await stat(kept)).toMatchObject({ size: 20 * MIB });
    expect((await stat(kept)).mode & 0o777).toBe(0o600);
    expect((await stat(place.folders.rescue)).mode & 0o777).toBe(0o700);
    expect((await stat(place.folders.spool)).mode & 0o777).toBe(0o700);
    await sink.abort();
    expect(await readdir(place.folders.rescue)).toEqual([FILE.key]);
    proxy.answer('well');
    await expect(storage.open(FILE)).rejects.toThrow(/undelivered\/a\.webm exists already/);
  });

  test('another process delivers what this one was waiting to deliver', async () => {
    const sink = await storage.open(FILE);
    await write(sink, 0, 40);
    await seen(() => expect(sink.unfinished().parts).toHaveLength(1));
    proxy.answer(503);
    const failure = expect(sink.finish(null)).rejects.toMatchObject({ code: 'storage_failed' });
    const unfinished = JSON.parse(JSON.stringify(sink.unfinished()));
    await sink.close();
    await failure;
    proxy.answer('well');
    const again = await through(10_000).resume(unfinished);
    const { location } = await again.finish(null);
    expect(partsPassedOn()).toEqual([2, 3, 1]);
    expect(marks(await place.read(location), 0, 16, 39)).toEqual([0, 16, 39]);
    expect(await place.contents()).toEqual({ complete: [FILE.key], unfinished: [] });
  });

  test('goes on with parts whose upload its manifest does not know, and leaves no upload behind', async () => {
    const sink = await storage.open(FILE);
    const unfinished = JSON.parse(JSON.stringify(sink.unfinished()));
    await write(sink, 0, 40);
    await seen(() => expect(partsPassedOn()).toEqual([2]));
    await sink.close();
    const again = await storage.resume(unfinished);
    const { location } = await again.finish(null);
    expect(marks(await place.read(location), 0, 16, 39)).toEqual([0, 16, 39]);
    expect(await place.contents()).toEqual({ complete: [FILE.key], unfinished: [] });
  });

  test('parts that lie behind a cut are sent anew', async () => {
    const sink = await storage.open(FILE);
    await write(sink, 0, 40);
    await seen(() => expect(partsPassedOn()).toEqual([2]));
    await sink.truncate(30 * MIB);
    for (let index = 30; index < 40; index++) await sink.write(Buffer.alloc(MIB, 200), index * MIB);
    const { location } = await sink.finish(null);
    expect(marks(await place.read(location), 29, 30, 39)).toEqual([29, 200, 200]);
  });

  test.each([
    ['shorter than a part', 20, 3],
    ['as long as it was', 20 * MIB, 20 * MIB],
    ['longer than parts that were sent', 3 * MIB, 20 * MIB],
  ])('has a front of another length than its file, %s, and an end', async (_what, replaces, frontBytes) => {
    const sink = await storage.open(FILE);
    await write(sink, 0, 64);
    await seen(() => expect(partsPassedOn().length).toBeGreaterThanOrEqual(2));
    const ending: Ending = {
      replacesBytes: replaces,
      build: () => ({ front: Buffer.alloc(frontBytes, 222), tail: Buffer.from('the end') }),
    };
    const { location, sizeBytes } = await sink.finish(ending);
    const stored = await place.read(location);
    const media = await media64(replaces);
    expect(sizeBytes).toBe(stored.length);
    expect(stored.equals(Buffer.concat([Buffer.alloc(frontBytes, 222), media, Buffer.from('the end')]))).toBe(
      true,
    );
  });

  test.each([
    ['shorter than a part', 3 * MIB, 700],
    ['longer than a part', 17 * MIB, 700],
    ['longer than a part, and with a long front', 20 * MIB, 19 * MIB],
  ])('has equal parts if the store wants them, where its front replaces room %s', async (_what, replaces, needed) => {
    const strict = await startS3Proxy(place.s3.endpoint, true);
    onTestFinished(() => strict.close());
    storage = s3Storage({ ...place.target, endpoint: strict.endpoint }, place.folders);
    const sink = await storage.open(FILE);
    await write(sink, 0, 64);
    const build = (length: number | null) => ({
      front: Buffer.alloc(length ?? needed, 222),
      tail: Buffer.alloc(0),
    });
    const { location, sizeBytes } = await sink.finish({ replacesBytes: replaces, build });
    const stored = await place.read(location);
    const media = await media64(replaces);
    expect(sizeBytes).toBe(stored.length);
    expect(stored.subarray(-media.length).equals(media)).toBe(true);
    expect(stored.subarray(0, -media.length).equals(Buffer.alloc(stored.length - media.length, 222))).toBe(
      true,
    );
    const sentTwice = strict.passedOn().filter((line) => /partNumber=[3-9]/.test(line));
    expect(new Set(sentTwice).size).toBe(sentTwice.length);
    expect((await place.contents()).unfinished).toEqual([]);
  });

  test('the room that is kept free for its front is not sent', async () => {
    const sink = await storage.open(FILE);
    await sink.write(Buffer.alloc(700, 1), 0);
    await sink.write(Buffer.alloc(1), 40 * MIB - 1);
    await write(sink, 40, 66);
    await seen(() => expect(partsPassedOn()).toEqual([4]));
    const build = () => ({ front: Buffer.alloc(700, 222), tail: Buffer.alloc(0) });
    const { location } = await sink.finish({ replacesBytes: 40 * MIB, build });
    expect(partsPassedOn()).toEqual([4, 5, 1]);
    const stored = await place.read(location);
    expect(stored.equals(Buffer.concat([Buffer.alloc(700, 222), (await media66()).subarray(40 * MIB)]))).toBe(
      true,
    );
  });

  test('may be as slow as it is while something moves', async () => {
    const idleLimitMs = 2000;
    storage = s3Storage({ ...place.target, endpoint: proxy.endpoint }, place.folders, { idleLimitMs });
    const sink = await storage.open(FILE);
    await write(sink, 0, 15);
    proxy.slowDown(3 * MIB);
    const startedMs = performance.now();
    await sink.finish(null);
    expect(performance.now() - startedMs).toBeGreaterThan(2 * idleLimitMs);
    expect(proxy.passedOn().filter((line) => line.startsWith('PUT'))).toHaveLength(1);
  });

  test('gets a request again on whose connection nothing moves', async () => {
    const idleLimitMs = 300;
    storage = s3Storage({ ...place.target, endpoint: proxy.endpoint }, place.folders, { idleLimitMs });
    const sink = await storage.open(FILE);
    await write(sink, 0, 2);
    proxy.answer('never', /^PUT/);
    const finishing = sink.finish(null);
    await seen(() => expect(proxy.refusedCount()).toBeGreaterThanOrEqual(2));
    proxy.answer('well');
    expect((await finishing).sizeBytes).toBe(2 * MIB);
  });

  test('says that the store refuses the parts if it does so whatever they are', async () => {
    const sink = await storage.open(FILE);
    await write(sink, 0, 34);
    proxy.answer('400 InvalidPart', /^POST .*uploadId=/);
    await expect(sink.finish(null)).rejects.toThrow(/InvalidPart/);
    expect(proxy.refusedCount()).toBe(3);
  });

  async function media64(from: number): Promise<Buffer> {
    return (await media66()).subarray(from, 64 * MIB);
  }

  async function media66(): Promise<Buffer> {
    return Buffer.concat(Array.from({ length: 66 }, (_, index) => Buffer.alloc(MIB, index)));
  }

  test('tells where the parts are, so that they can be found in the bucket', async () => {
    const sink = await storage.open(FILE);
    await write(sink, 0, 40);
    await seen(() => expect(sink.unfinished().parts).toHaveLength(1));
    const { uploadId, parts, location } = sink.unfinished();
    expect(location).toBe('s3://recordings/a.webm');
    const at = { Bucket: 'recordings', Key: FILE.key, UploadId: String(uploadId) };
    const listed = await place.s3.client.send(new ListPartsCommand(at));
    expect(listed.Parts?.map(({ PartNumber, ETag }) => [PartNumber, ETag])).toEqual(parts);
    await sink.abort();
  });
});

test.skipIf(s3Missing)('a store that never answers does not hold up the start for long', async () => {
  const place = await startS3Place();
  const proxy = await startS3Proxy(place.s3.endpoint);
  proxy.answer('never');
  const limits = { checkLimitMs: 300 };
  const storage = s3Storage({ ...place.target, endpoint: proxy.endpoint }, place.folders, limits);
  const startedMs = performance.now();
  const sink = await storage.open(FILE);
  expect(performance.now() - startedMs).toBeLessThan(2_000);
  await sink.write(Buffer.alloc(10, 7), 0);
  await sink.abort();
  proxy.answer('well');
  expect(await place.contents()).toEqual({ complete: [], unfinished: [] });
  await proxy.close();
  await place.close();
});
