import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Sink, Storage } from '../../worker/storage/storage.ts';

const MIB = 1024 * 1024;

/** A storage and what a test must see of the place behind it. */
export interface StorageUnderTest {
  readonly storage: Storage;
  /** A storage of the same kind whose place cannot be written to, and what its error must name. */
  readonly unwritable: { readonly storage: Storage; readonly name: string };
  /** The bytes stored at a location that finish() gave. */
  read(location: string): Promise<Buffer>;
  /** The names of everything there is: complete files, and what is left of files that are not. */
  contents(): Promise<{ complete: string[]; unfinished: string[] }>;
  close(): Promise<void>;
}

/**
 * The tests that every storage passes. Call it in a test file, with a function that starts the storage. If a
 * program that it needs is `missing`, the tests are skipped and the reason is printed.
 */
export function storageContract(
  name: string,
  start: () => Promise<StorageUnderTest>,
  { missing = null }: { missing?: string | null } = {},
): void {
  if (missing) console.warn(`SKIPPED: the storage contract for ${name} (${missing})`);
  describe.skipIf(missing)(`${name} as a storage`, () => {
    let place: StorageUnderTest;

    beforeAll(async () => {
      place = await start();
    });
    afterAll(() => place?.close());

    let files = 0;
    const newFile = () => ({ key: `call-${++files}.webm`, mediaType: 'video/webm' });
    const openSink = async (key: string) => {
      const sink = await place.storage.open({ key, mediaType: 'video/webm' });
      onTestFinished(() => sink.abort());
      return sink;
    };
    const opened = async () => openSink(newFile().key);

    test('gives back the bytes in order, and says where they are and how many', async () => {
      const sink = await opened();
      const expected = await writePattern(sink, 3);
      const stored = await sink.finish(null);
      expect(stored.sizeBytes).toBe(3 * MIB);
      expect((await place.read(stored.location)).equals(expected)).toBe(true);
    });

    test('gives back a file of several parts whose header and tail were written over at the end', async () => {
      const sink = await opened();
      const expected = await writePattern(sink, 70);
      for (const position of [40, 69 * MIB + 7]) {
        await sink.write(Buffer.from('written over'), position);
        expected.write('written over', position);
      }
      const stored = await sink.finish(null);
      expect(stored.sizeBytes).toBe(70 * MIB);
      expect((await place.read(stored.location)).equals(expected)).toBe(true);
    });

    test('stores an empty file', async () => {
      const stored = await (await opened()).finish(null);
      expect(stored.sizeBytes).toBe(0);
      expect(await place.read(stored.location)).toHaveLength(0);
    });

    test('tells how long the file is while it is written', async () => {
      const sink = await opened();
      expect(sink.sizeBytes()).toBe(0);
      await sink.write(Buffer.alloc(1000), 0);
      await sink.write(Buffer.alloc(10), 20);
      expect(sink.sizeBytes()).toBe(1000);
    });

    test('keeps at localPath what was written so far', async () => {
      const sink = await opened();
      expect(await readFile(sink.localPath)).toHaveLength(0);
      const expected = await writePattern(sink, 2);
      expect((await readFile(sink.localPath)).equals(expected)).toBe(true);
    });

    test('gives a file its name only when it is complete', async () => {
      const { key } = newFile();
      const sink = await openSink(key);
      await writePattern(sink, 1);
      expect((await place.contents()).complete).not.toContain(key);
      await sink.finish(null);
      const { complete, unfinished } = await place.contents();
      expect(complete).toContain(key);
      expect(unfinished).toEqual([]);
    });

    test('leaves nothing of an aborted file, not even of a long one', async () => {
      const before = await place.contents();
      const sink = await opened();
      await writePattern(sink, 70);
      await sink.abort();
      await sink.abort();
      expect(await place.contents()).toEqual(before);
    });

    test('keeps a finished file that is aborted afterwards', async () => {
      const sink = await opened();
      const expected = await writePattern(sink, 20);
      const { location } = await sink.finish(null);
      await sink.abort();
      expect((await place.read(location)).equals(expected)).toBe(true);
    });

    test('refuses a file of a name that is being written, and that file is not harmed', async () => {
      const { key } = newFile();
      const sink = await openSink(key);
      const expected = await writePattern(sink, 1);
      const failure = openSink(key);
      await expect(failure).rejects.toMatchObject({ code: 'storage_failed' });
      await expect(failure).rejects.toThrow(`${key}.part exists already`);
      const { location } = await sink.finish(null);
      expect((await place.read(location)).equals(expected)).toBe(true);
    });

    test('refuses a file of a name that is stored, and that file is not harmed', async () => {
      const { key } = newFile();
      const sink = await openSink(key);
      const expected = await writePattern(sink, 1);
      const { location } = await sink.finish(null);
      const failure = openSink(key);
      await expect(failure).rejects.toMatchObject({ code: 'storage_failed' });
      await expect(failure).rejects.toThrow(/exists already and is not written over/);
      expect((await place.read(location)).equals(expected)).toBe(true);
      expect((await place.contents()).unfinished).toEqual([]);
    });

    test('fails before anything is recorded where it cannot be written to, and names the place', async () => {
      const { storage, name } = place.unwritable;
      const failure = storage.open(newFile());
      await expect(failure).rejects.toMatchObject({ code: 'storage_failed' });
      await expect(failure).rejects.toThrow(name);
    });
  });
}

/** Writes that many MiB, each filled with a number of its own, and resolves with all of them. */
async function writePattern(sink: Sink, mebibytes: number): Promise<Buffer> {
  const written: Buffer[] = [];
  for (let index = 0; index < mebibytes; index++) {
    const bytes = Buffer.alloc(MIB, index + 1);
    written.push(bytes);
    await sink.write(bytes, index * MIB);
  }
  return Buffer.concat(written);
}
