import { readdirSync, readlinkSync } from 'node:fs';
import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { S3StorageTarget } from '../../../../../shared/storages/storageTarget.ts';
import type { KeptState } from '../../../../../worker/storage/objects/keptState.ts';
import { s3Storage } from '../../../../../worker/storage/s3/s3Storage.ts';
import type { Sink, UnfinishedFile } from '../../../../../worker/storage/storage.ts';
import { s3Missing } from '../../../../support/startS3.ts';
import { type S3Place, startS3Place } from '../../../../support/startS3Place.ts';
import { type S3Proxy, startS3Proxy } from '../../../../support/startS3Proxy.ts';

const MIB = 1024 * 1024;
const FILE = { key: 'a.mp4', mediaType: 'video/mp4' };
const HEADER_BYTES = 100;
const PARTS = /^PUT .*partNumber=/;

/** Parts of 16 MiB go through a machine that may be busy. */
const PATIENT_MS = 60_000;
vi.setConfig({ testTimeout: 2 * PATIENT_MS });
const seen = (check: () => unknown) => vi.waitFor(check, { timeout: PATIENT_MS });

if (s3Missing) console.warn(`SKIPPED: machines that are lost (${s3Missing})`);

describe.skipIf(s3Missing)('an upload whose machines are lost', () => {
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

  function on(
    machine: string,
    limits: Parameters<typeof s3Storage>[2] = {},
    durability: S3StorageTarget['durability'] = 'machine',
  ) {
    const target = { ...place.target, endpoint: proxy.endpoint, durability };
    const folders = { spool: join(folderOf(machine), 'spool'), rescue: join(folderOf(machine), 'rescue') };
    return s3Storage(target, folders, { giveUpAfterMs: 60_000, ...limits });
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
    const first = await on('A').open(FILE);
    await append(first, 2, 1);
    await seen(() => expect(keptOf(first).isAny).toBe(true));
    const unfinished = manifestOf(first);
    await first.close();
    const second = await on('A').resume(unfinished);
    await seen(async () =>
      expect((await place.contents()).complete).toContain(`.unfinished/${FILE.key}/owner`),
    );
    await second.close();
    proxy.answer(503, /^PUT /);
    const third = await on('A').resume(unfinished);
    await append(third, 2, 2);
    await seen(() => expect(third.waitingSince()?.reason).toContain('answered 503'));
    await third.close();
    proxy.answer('well');
    const fourth = await on('A').resume(unfinished);
    expect(await contentOf((await fourth.finish(null)).location)).toBe('2x1 2x2');
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
    const restoredMib = second.sizeBytes() / MIB;
    expect(restoredMib).toBeLessThan(48);
    proxy.answer(503, PARTS);
    await append(second, 60 - restoredMib, 2);
    await second.close(); // its manifest was not written yet
    proxy.answer('well');
    const third = await on('B').resume(unfinished);
    expect(await contentOf((await third.finish(null)).location)).toBe(
      `${restoredMib}x1 ${60 - restoredMib}x2`,
    );
  });

  test('sends again what its file has lost with the power', async () => {
    const first = await beginOn('A');
    const unfinished = manifestOf(first);
    await first.close();
    await truncate(first.localPath, 20 * MIB);
    const second = await on('A').resume(unfinished);
    await append(second, 20, 2);
    expect(await contentOf((await second.finish(null)).location)).toBe('20x1 20x2');
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

  test('whose first parts are in the bucket only is delivered there, however long that takes', async () => {
    const first = await beginOn('A');
    const unfinished = manifestOf(first);
    await first.close();
    const second = await on('B', { giveUpAfterMs: 100 }).resume(unfinished);
    proxy.answer(503, /^PUT /);
    const refusedBefore = proxy.refusedCount();
    const finishing = second.finish(null);
    await seen(() => expect(proxy.refusedCount()).toBeGreaterThan(refusedBefore + 2));
    proxy.answer('well');
    expect((await finishing).sizeBytes).toBe(second.sizeBytes());
  });

  test('is completed by nobody who lost the recording while the bucket was down, and is kept for whoever has it', async () => {
    const first = await beginOn('A');
    const unfinished = manifestOf(first);
    const lost = () => Promise.reject(new Error('another worker has the recording'));
    await expect(first.finish(null, lost)).rejects.toThrow('another worker has the recording');
    expect((await place.contents()).complete).not.toContain(FILE.key);
    const second = await on('A').resume(unfinished);
    expect(await contentOf((await second.finish(null)).location)).toBe('36x1');
  });

  test('is left alone by a process that wakes up after another one has stored it', async () => {
    const first = await on('A').open(FILE);
    await append(first, 2, 1);
    await seen(() => expect(keptOf(first).isAny).toBe(true));
    const second = await on('B').resume(manifestOf(first));
    const restoredMib = second.sizeBytes() / MIB;
    await append(second, 3, 2);
    const { location } = await second.finish(null);
    await append(first, 1, 1);
    await expect(first.finish(null)).rejects.toThrow('is written by another process now');
    expect(await contentOf(location)).toBe(`${restoredMib}x1 3x2`);
  });

  test('leaves no upload behind of which nothing was kept', async () => {
    const first = await on('A').open(FILE);
    proxy.answer(503, /^PUT .*-part-/);
    await append(first, 36, 1);
    await seen(() => expect(first.unfinished().parts).toHaveLength(1));
    await seen(() => expect(keptOf(first).headParts).toBe(1));
    const unfinished = manifestOf(first);
    await first.close();
    await loseDisk('A');
    proxy.answer('well');
    const second = await on('B').resume(unfinished);
    await append(second, 30, 2);
    await second.finish(null);
    expect(await place.contents()).toEqual({ complete: [FILE.key], unfinished: [] });
  });

  test('keeps on although its key may not delete objects, and is stored at once', async () => {
    proxy.answer(403, /^(DELETE|POST .*\?delete)/);
    const sink = await beginOn('A');
    const before = await keptTails();
    await append(sink, 1, 2);
    await seen(async () => expect((await keptTails()).length).toBeGreaterThan(before.length));
    expect(sink.waitingSince()).toBeNull();
    const startedMs = performance.now();
    await sink.finish(null);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect((await place.contents()).complete.filter((name) => !name.startsWith('.unfinished/'))).toEqual([
      FILE.key,
    ]);
  });

  test('keeps the end of it while its first part cannot be kept', async () => {
    const sink = await on('A').open(FILE);
    await append(sink, 1, 1);
    proxy.answer(503, /-head/);
    await append(sink, 16, 1);
    await seen(() => expect(proxy.refusedCount()).toBeGreaterThan(0));
    const before = await keptTails();
    await append(sink, 1, 2);
    await seen(async () => expect((await keptTails()).length).toBeGreaterThan(before.length));
    expect(keptOf(sink).headParts).toBe(0);
    await sink.abort();
  });

  test('removes what it kept in few requests, however much that is', async () => {
    const { client } = place.s3;
    const at = (n: number) => ({ Bucket: 'recordings', Key: `.unfinished/${FILE.key}/${n}` });
    const puts = Array.from({ length: 100 }, (_, n) => new PutObjectCommand({ ...at(n), Body: 'kept' }));
    await Promise.all(puts.map((put) => client.send(put)));
    const sink = await on('A').open(FILE);
    await append(sink, 1, 1);
    await seen(() => expect(keptOf(sink).isAny).toBe(true));
    const askedBefore = proxy.passedOn().length;
    await sink.finish(null);
    await seen(async () => expect((await place.contents()).complete).toEqual([FILE.key]));
    expect(proxy.passedOn().length - askedBefore).toBeLessThan(15);
  });

  test('keeps nothing longer than a part in one object, however far it is behind', async () => {
    const first = await beginOn('A');
    proxy.answer(503);
    await append(first, 60, 1);
    const unfinished = manifestOf(first);
    await first.close();
    proxy.answer('well');
    const second = await on('A').resume(unfinished);
    await append(second, 1, 2);
    await keepsPart(second, 6);
    const sizes = await keptSizes();
    expect(Math.max(...sizes)).toBeLessThan(17 * MIB);
    expect(await contentOf((await second.finish(null)).location)).toBe('96x1 1x2');
  });

  test('tells what keeps the end of it from being kept', async () => {
    const sink = await on('A').open(FILE);
    proxy.answer('400 Odd', /-tail/);
    await append(sink, 1, 1);
    await seen(() => expect(sink.waitingSince()?.reason).toContain('by the proxy'));
    await sink.abort();
  });

  test('leaves no file open if it cannot be gone on with', async () => {
    const sink = await on('A').open(FILE);
    const unfinished = manifestOf(sink);
    await sink.close();
    await writeFile(`${sink.localPath}.json.sent`, 'damaged');
    await expect(on('A').resume(unfinished)).rejects.toThrow('JSON');
    expect(openPaths()).not.toContain(sink.localPath);
  });

  test('keeps nothing beside its object and asks nothing of the store at a takeover if it need not be durable', async () => {
    const none = () => on('A', {}, 'none');
    const first = await none().open(FILE);
    await append(first, 36, 1);
    await seen(() => expect(first.unfinished().parts).toHaveLength(1));
    const unfinished = manifestOf(first);
    expect(unfinished.kept).toBeUndefined();
    await first.close();
    const askedBefore = proxy.passedOn().length;
    const second = await none().resume(unfinished);
    expect(proxy.passedOn().length).toBe(askedBefore);
    expect(second.sizeBytes()).toBe(36 * MIB);
    await second.finish(null);
    expect(askedBeside()).toEqual([]);
  });

  /** Where nothing more is asked for, whole parts are kept. */
  describe('of which whole parts are kept', () => {
    const partly = (machine: string, limits: Parameters<typeof s3Storage>[2] = {}) =>
      on(machine, limits, 'part');

    test('is gone on with behind the last of them', async () => {
      const first = await partly('A').open(FILE);
      await append(first, 50, 1);
      await keepsPart(first, 3);
      const asked = askedBeside();
      expect(asked.flatMap((line) => /^PUT .*\d-(head|part-\d)[?]/.exec(line)?.[1] ?? [])).toEqual([
        'head',
        'part-2',
        'part-3',
      ]);
      expect(asked.length).toBeLessThanOrEqual(12);
      const unfinished = manifestOf(first);
      await first.close();
      await loseDisk('A');
      const second = await partly('B').resume(unfinished);
      expect(second.sizeBytes()).toBe(48 * MIB);
      await append(second, 22, 2);
      await keepsPart(second, 4);
      const late = manifestOf(second);
      await second.close();
      await loseDisk('B');
      const third = await partly('C').resume(late);
      expect(third.sizeBytes()).toBe(64 * MIB);
      await append(third, 1, 3);
      const { location } = await third.finish(null);
      expect(await contentOf(location)).toBe('48x1 16x2 1x3');
      expect(await place.contents()).toEqual({ complete: [FILE.key], unfinished: [] });
    });

    test('costs nothing more while it is shorter than a part', async () => {
      const sink = await partly('A').open(FILE);
      await append(sink, 15, 1);
      expect(keptOf(sink).isAny).toBe(false);
      await sink.finish(null);
      expect(askedBeside()).toEqual([]);
    });

    test('is kept by a store that refuses to delete what is not there', async () => {
      proxy.answer('404 NoSuchKey', /^(DELETE|POST .*[?]delete)/);
      const sink = await partly('A').open(FILE);
      await append(sink, 17, 1);
      await seen(() => expect(keptOf(sink).headParts).toBe(1));
      await sink.abort();
    });

    test('loses little of a file in which a part takes long', async () => {
      const first = await partly('A', { partTailMs: 100 }).open(FILE);
      await append(first, 2, 1);
      await seen(() => expect(keptOf(first).isAny).toBe(true));
      const unfinished = manifestOf(first);
      await first.close();
      await loseDisk('A');
      const second = await partly('B').resume(unfinished);
      expect(second.sizeBytes()).toBe(2 * MIB);
      await append(second, 1, 2);
      expect(await contentOf((await second.finish(null)).location)).toBe('2x1 1x2');
      expect(await place.contents()).toEqual({ complete: [FILE.key], unfinished: [] });
    });

    test.each([
      ['list', /^GET .*prefix=/],
      ['read', /^GET .*unfinished.*owner/],
      ['delete', /^(DELETE|POST .*[?]delete)/],
      ['write', /^PUT .*unfinished/],
    ])('is recorded as before if its key may not %s what is kept, and nothing is kept', async (_what, refused) => {
      proxy.answer(403, refused);
      const sink = await partly('A').open(FILE);
      await append(sink, 36, 1);
      await seen(() => expect(sink.unfinished().parts).toHaveLength(1));
      await seen(() => expect(proxy.refusedCount()).toBeGreaterThan(0));
      const refusals = proxy.refusedCount();
      await append(sink, 14, 2);
      await seen(() => expect(sink.unfinished().parts).toHaveLength(2));
      expect(sink.waitingSince()).toBeNull();
      expect(proxy.refusedCount()).toBe(refusals);
      const unfinished = manifestOf(sink);
      const startedMs = performance.now();
      await expect(partly('B').resume(unfinished)).rejects.toMatchObject({ mayPass: false });
      expect(performance.now() - startedMs).toBeLessThan(5_000);
      expect(await contentOf((await sink.finish(null)).location)).toBe('36x1 14x2');
      expect(await place.contents()).toEqual({ complete: [FILE.key], unfinished: [] });
    });
  });

  /** The requests for what is kept beside the object. */
  const askedBeside = () => proxy.passedOn().filter((line) => line.includes('unfinished'));

  async function keptSizes(): Promise<number[]> {
    const list = new ListObjectsV2Command({ Bucket: 'recordings', Prefix: '.unfinished/' });
    return ((await place.s3.client.send(list)).Contents ?? []).map(({ Size }) => Size ?? 0);
  }

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
