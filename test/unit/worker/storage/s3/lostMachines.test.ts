import { readdirSync, readlinkSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { KeptState } from '../../../../../worker/storage/s3/keptState.ts';
import { s3Storage } from '../../../../../worker/storage/s3/s3Storage.ts';
import type { Sink, UnfinishedFile } from '../../../../../worker/storage/storage.ts';
import { s3Missing } from '../../../../support/startS3.ts';
import { type S3Place, startS3Place } from '../../../../support/startS3Place.ts';
import { type S3Proxy, startS3Proxy } from '../../../../support/startS3Proxy.ts';

const MIB = 1024 * 1024;
const FILE = { key: 'a.mp4', mediaType: 'video/mp4' };
const HEADER_BYTES = 100;

/** Parts of 16 MiB go through a machine that may be busy. */
const PATIENT_MS = 60_000;
vi.setConfig({ testTimeout: 2 * PATIENT_MS });
const seen = (check: () => unknown) => vi.waitFor(check, { timeout: PATIENT_MS });

if (s3Missing) console.warn(`SKIPPED: machines that are lost (${s3Missing})`);

describe.skipIf(s3Missing)('a durable upload whose machines are lost', () => {
  let place: S3Place;
  let proxy: S3Proxy;

  beforeEach(async () => {
    place = await startS3Place();
    proxy = await startS3Proxy(place.s3.endpoint);
  });

  afterEach(async () => {
    await proxy?.close();
    await place?.close();
  });

  const folderOf = (machine: string) => join(place.folders.spool, '..', machine);

  function on(machine: string) {
    const target = { ...place.target, endpoint: proxy.endpoint, durability: 'machine' as const };
    const folders = { spool: join(folderOf(machine), 'spool'), rescue: join(folderOf(machine), 'rescue') };
    return s3Storage(target, folders, { giveUpAfterMs: 60_000 });
  }

  const loseDisk = (machine: string) => rm(folderOf(machine), { recursive: true });

  /** Appends so many MiB that hold this number. */
  async function append(sink: Sink, mebibytes: number, value: number): Promise<void> {
    for (let n = 0; n < mebibytes; n++)
      await sink.write(Buffer.alloc(MIB, value), sink.sizeBytes(), HEADER_BYTES);
  }

  const keptOf = (sink: Sink) => sink.unfinished().kept as unknown as KeptState;
  const keepsPart = (sink: Sink, part: number) =>
    seen(() => expect(keptOf(sink).lastPart).toBeGreaterThanOrEqual(part));
  const manifestOf = (sink: Sink): UnfinishedFile => JSON.parse(JSON.stringify(sink.unfinished()));
  /** What the object holds: `2x1 3x7` is 2 MiB of 1 and 3 MiB of 7. */
  async function contentOf(location: string): Promise<string> {
    const bytes = await place.read(location);
    const runs: [count: number, value: number | undefined][] = [];
    for (let at = 0; at < bytes.length; at += MIB) {
      const last = runs.at(-1);
      const isUniform = bytes.subarray(at, at + MIB).equals(Buffer.alloc(MIB, bytes[at]));
      const value = isUniform ? bytes[at] : undefined;
      if (last && last[1] === value) last[0]++;
      else runs.push([1, value]);
    }
    return runs.map(([count, value]) => `${count}x${value ?? 'mixed'}`).join(' ');
  }

  /** 36 MiB of 1, of which two parts are kept. */
  async function beginOn(machine: string): Promise<Sink> {
    const sink = await on(machine).open(FILE);
    await append(sink, 36, 1);
    await keepsPart(sink, 2);
    return sink;
  }

  test('is not written over if it was complete, although its worker could not note that', async () => {
    const sink = await beginOn('A');
    const unfinished = manifestOf(sink);
    proxy.answer(403, /^(DELETE|POST .*\?delete)/);
    const { location } = await sink.finish(null);
    proxy.answer('well');
    await expect(on('A').resume(unfinished)).rejects.toThrow('is not on this machine');
    await expect(on('B').resume(unfinished)).rejects.toThrow('is not on this machine');
    expect(await on('B').stored(unfinished)).toEqual({ location, sizeBytes: 36 * MIB });
    expect(await place.contents()).toEqual({ complete: [FILE.key], unfinished: [] });
  });

  test.each([
    4, 36,
  ])('of %i MiB is not written over by a worker that goes on while another one completes it', async (mebibytes) => {
    const first = await on('A').open(FILE);
    await append(first, mebibytes, 1);
    await seen(() => expect(keptOf(first).isAny).toBe(true));
    const unfinished = manifestOf(first);
    await first.close();
    const second = await on('A').resume(unfinished);
    await append(second, 1, 2);
    await seen(async () =>
      expect((await place.contents()).complete).toContain(`.unfinished/${FILE.key}/owner`),
    );
    const at = { Bucket: 'recordings', Key: FILE.key };
    await place.s3.client.send(new PutObjectCommand({ ...at, Body: Buffer.alloc(MIB, 9) }));
    proxy.answer('404 NoSuchUpload', /uploadId=/);
    await expect(second.finish(null)).rejects.toThrow('exists already and is not written over');
    expect(await contentOf(`s3://recordings/${FILE.key}`)).toBe('1x9');
  });

  test('a machine that is back does not go on with its old file, but with what another one has recorded', async () => {
    const first = await beginOn('A');
    const unfinished = manifestOf(first);
    await first.close();
    const second = await on('B').resume(unfinished);
    const restoredMib = second.sizeBytes() / MIB;
    await append(second, 60 - restoredMib, 2);
    await keepsPart(second, 3);
    await seen(async () => expect((await keptTails()).length).toBeGreaterThan(0));
    const late = manifestOf(second);
    await second.close();
    await loseDisk('B');
    const third = await on('A').resume(late);
    expect(third.sizeBytes()).toBeGreaterThanOrEqual(48 * MIB);
    const againMib = third.sizeBytes() / MIB;
    await append(third, 70 - againMib, 3);
    const { location } = await third.finish(null);
    const twos = againMib - restoredMib;
    expect(await contentOf(location)).toBe(`${restoredMib}x1 ${twos}x2 ${70 - againMib}x3`);
    expect(await place.contents()).toEqual({ complete: [FILE.key], unfinished: [] });
  });

  test('a worker on the same machine goes on with its file, also if the one before was lost while it took it', async () => {
    const first = await beginOn('A');
    const unfinished = manifestOf(first);
    await first.close();
    proxy.answer(503, /^PUT .*\/owner/);
    const second = await on('A').resume(unfinished);
    await seen(() => expect(second.waitingSince()?.reason).toContain('answered 503'));
    await second.close();
    proxy.answer('well');
    const third = await on('A').resume(unfinished);
    expect(third.sizeBytes()).toBe(36 * MIB);
    await append(third, 20, 3);
    expect(await contentOf((await third.finish(null)).location)).toBe('36x1 20x3');
  });

  test('has no parts of a file that could not be restored as far as they go', async () => {
    const first = await beginOn('A');
    proxy.answer(503, /^PUT .*-(part-3|tail)/);
    await append(first, 14, 1);
    await seen(() => expect(first.unfinished().parts).toHaveLength(2));
    const unfinished = manifestOf(first);
    await first.close();
    proxy.answer('well');
    await loseDisk('A');
    const second = await on('B').resume(unfinished);
    await second.close(); // its manifest was not written yet
    const third = await on('B').resume(unfinished);
    const restoredMib = third.sizeBytes() / MIB;
    expect(restoredMib).toBeLessThan(48);
    expect(third.unfinished().parts).toHaveLength(1);
    await append(third, 60 - restoredMib, 2);
    expect(await contentOf((await third.finish(null)).location)).toBe(
      `${restoredMib}x1 ${60 - restoredMib}x2`,
    );
  });

  test('goes on at once where its file is, although the bucket is down, and is delivered when it is back', async () => {
    const first = await beginOn('A');
    const unfinished = manifestOf(first);
    await first.close();
    proxy.answer(503);
    const second = await on('A').resume(unfinished);
    await append(second, 14, 2);
    await seen(() => expect(second.waitingSince()?.reason).toContain('answered 503'));
    proxy.answer('well');
    expect(await contentOf((await second.finish(null)).location)).toBe('36x1 14x2');
    expect(await place.contents()).toEqual({ complete: [FILE.key], unfinished: [] });
  });

  test('whose file is neither here nor to be had from the bucket is out of reach, for a while or for good', async () => {
    const first = await beginOn('A');
    const unfinished = manifestOf(first);
    await first.close();
    proxy.answer(501);
    await expect(on('B').resume(unfinished)).rejects.toMatchObject({ code: 'storage_failed', mayPass: true });
    proxy.answer('well');
    const never = { ...unfinished, key: 'never.mp4' };
    await expect(on('B').resume(never)).rejects.toMatchObject({ code: 'storage_failed', mayPass: false });
  });

  test('leaves no file open if it cannot be gone on with', async () => {
    const sink = await on('A').open(FILE);
    const unfinished = manifestOf(sink);
    await sink.close();
    await writeFile(`${sink.localPath}.json.sent`, 'damaged');
    await expect(on('A').resume(unfinished)).rejects.toThrow('JSON');
    expect(openPaths()).not.toContain(sink.localPath);
  });

  test('keeps nothing beside its object and asks nothing of the store at a takeover unless it is to be durable', async () => {
    const plain = () =>
      s3Storage({ ...place.target, endpoint: proxy.endpoint }, place.folders, { giveUpAfterMs: 60_000 });
    const first = await plain().open(FILE);
    await append(first, 36, 1);
    await seen(() => expect(first.unfinished().parts).toHaveLength(1));
    const unfinished = manifestOf(first);
    expect(unfinished.kept).toBeUndefined();
    await first.close();
    const askedBefore = proxy.passedOn().length;
    const second = await plain().resume(unfinished);
    expect(proxy.passedOn().length).toBe(askedBefore);
    expect(second.sizeBytes()).toBe(36 * MIB);
    await second.finish(null);
    expect(proxy.passedOn().filter((line) => line.includes('unfinished'))).toEqual([]);
  });

  async function keptTails(): Promise<string[]> {
    return (await place.contents()).complete.filter((name) => name.endsWith('-tail'));
  }
});

function openPaths(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return []; // it was closed meanwhile
    }
  });
}
