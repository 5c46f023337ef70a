import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Ending, Sink, Storage, UnfinishedFile } from '../../worker/storage/storage.ts';
import { STEP_BYTES, type StorageRecipe, stepBytes } from '../support/writeUntilKilled.ts';

const MIB = 1024 * 1024;

/** A storage and what a test must see of the place behind it. */
export interface StorageUnderTest {
  readonly storage: Storage;
  /** How another process makes the same storage. */
  readonly recipe: StorageRecipe;
  /** A storage of the same kind whose place cannot be written to, and what its error must name. */
  readonly unwritable: { readonly storage: Storage; readonly name: string };
  /** Whether it can tell that a file is there already. */
  readonly seesFiles?: boolean;
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
    /** A server may carry a request out after whoever sent it has given up, so other files say nothing here. */
    const unfinishedOf = async (key: string) =>
      (await place.contents()).unfinished.filter((name) => name.includes(key));

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
      expect((await place.contents()).complete).toContain(key);
      expect(await unfinishedOf(key)).toEqual([]);
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

    test('refuses a file of a name that is stored, and that file is not harmed', async ({ skip }) => {
      skip(place.seesFiles === false, 'it cannot see what is stored');
      const { key } = newFile();
      const sink = await openSink(key);
      const expected = await writePattern(sink, 1);
      const { location } = await sink.finish(null);
      const failure = openSink(key);
      await expect(failure).rejects.toMatchObject({ code: 'storage_failed' });
      await expect(failure).rejects.toThrow(/exists already and is not written over/);
      expect((await place.read(location)).equals(expected)).toBe(true);
      expect(await unfinishedOf(key)).toEqual([]);
    });

    /** Opens a file, and forgets of it what another process would not know. */
    const begun = async (mebibytes: number) => {
      const { key } = newFile();
      const sink = await openSink(key);
      const written = await writePattern(sink, mebibytes);
      return { key, sink, written, unfinished: asKept(sink.unfinished()) };
    };

    test('goes on with a file that was closed', async () => {
      const { key, sink, written, unfinished } = await begun(40);
      await sink.close();
      await sink.abort();
      const again = await place.storage.resume(unfinished);
      expect(again.sizeBytes()).toBe(40 * MIB);
      expect((await readFile(again.localPath)).equals(written)).toBe(true);
      const more = Buffer.alloc(MIB, 99);
      await again.write(more, 40 * MIB);
      const { location, sizeBytes } = await again.finish(null);
      expect(sizeBytes).toBe(41 * MIB);
      expect((await place.read(location)).equals(Buffer.concat([written, more]))).toBe(true);
      expect((await place.contents()).complete).toContain(key);
      expect(await unfinishedOf(key)).toEqual([]);
    });

    test('a process whose file another one goes on with can no longer change it', async () => {
      const { sink, written, unfinished } = await begun(20);
      const owner = await place.storage.resume(unfinished);
      const bytes = Buffer.alloc(10);
      await expect(sink.write(bytes, 0)).rejects.toThrow('is written by another process now');
      await expect(sink.truncate(0)).rejects.toMatchObject({ code: 'storage_failed' });
      await expect(sink.keepManifest({})).rejects.toMatchObject({ code: 'storage_failed' });
      await expect(sink.finish(null)).rejects.toMatchObject({ code: 'storage_failed' });
      await sink.abort();
      const { location } = await owner.finish(null);
      expect((await place.read(location)).equals(written)).toBe(true);
    });

    test('refuses to go on with a file whose bytes are not here', async () => {
      const { sink, unfinished } = await begun(1);
      await sink.abort();
      const failure = place.storage.resume(unfinished);
      await expect(failure).rejects.toMatchObject({ code: 'storage_failed' });
      await expect(failure).rejects.toThrow('is not on this machine');
    });

    test('drops what lies behind a cut', async () => {
      const { sink, written } = await begun(3);
      await sink.truncate(2 * MIB);
      expect(sink.sizeBytes()).toBe(2 * MIB);
      const { location } = await sink.finish(null);
      expect((await place.read(location)).equals(written.subarray(0, 2 * MIB))).toBe(true);
    });

    test.each([
      ['short', 2],
      ['long', 90],
    ])('gives a %s file another front, of the same length or a shorter one, and an end', async (_, mebibytes) => {
      const { sink, written } = await begun(mebibytes);
      const { location, sizeBytes } = await sink.finish(FRONT);
      const stored = await place.read(location);
      const isWhole = [MIB, 1000].some((length) =>
        stored.equals(
          Buffer.concat([Buffer.alloc(length, 250), written.subarray(MIB), Buffer.from('the end')]),
        ),
      );
      expect(isWhole).toBe(true);
      expect(sizeBytes).toBe(stored.length);
    });

    test('keeps a manifest next to the bytes until the file is complete', async () => {
      const { sink } = await begun(1);
      const path = `${sink.localPath}.json`;
      await sink.keepManifest({ segments: 1 });
      await sink.keepManifest({ segments: 2 });
      expect(JSON.parse(String(await readFile(path)))).toEqual({ segments: 2 });
      await sink.finish(null);
      await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
    });

    test('goes on with the file of a process that was killed while it wrote, and loses no byte', async () => {
      const { key } = newFile();
      const { child, steps, unfinished } = await writer(place.recipe, key, 250);
      child.kill('SIGKILL');
      await once(child, 'exit');
      const written = await steps();
      const sink = await place.storage.resume(await unfinished());
      expect(sink.sizeBytes()).toBeGreaterThanOrEqual(written * STEP_BYTES);
      await sink.truncate(written * STEP_BYTES);
      await sink.write(Buffer.from('the end'), written * STEP_BYTES);
      const { location } = await sink.finish(null);
      const expected = Array.from({ length: written }, (_, step) => stepBytes(step));
      const stored = await place.read(location);
      expect(stored.equals(Buffer.concat([...expected, Buffer.from('the end')]))).toBe(true);
      expect(await unfinishedOf(key)).toEqual([]);
    });

    test('a process that was suspended, and wakes up after another one went on, writes nothing more', async () => {
      const { child, ended, steps, unfinished } = await writer(place.recipe, newFile().key, 80);
      child.kill('SIGSTOP');
      const sink = await place.storage.resume(await unfinished());
      const size = sink.sizeBytes();
      const before = await readFile(sink.localPath);
      child.kill('SIGCONT');
      expect(await ended).toContain('is written by another process now');
      await steps();
      expect((await readFile(sink.localPath)).subarray(0, size).equals(before)).toBe(true);
      await sink.truncate(size);
      const { location } = await sink.finish(null);
      expect((await place.read(location)).equals(before)).toBe(true);
    });

    test('fails before anything is recorded where it cannot be written to, and names the place', async () => {
      const { storage, name } = place.unwritable;
      const failure = storage.open(newFile());
      await expect(failure).rejects.toMatchObject({ code: 'storage_failed' });
      await expect(failure).rejects.toThrow(name);
    });
  });
}

/** A front of 1 MiB that is also possible with 1000 bytes. */
const FRONT: Ending = {
  replacesBytes: MIB,
  build: (length) => ({ front: Buffer.alloc(length ?? 1000, 250), tail: Buffer.from('the end') }),
};

function asKept(unfinished: UnfinishedFile): UnfinishedFile {
  return JSON.parse(JSON.stringify(unfinished));
}

/** Starts a process that writes a file, and resolves when it has written so many steps. */
async function writer(recipe: StorageRecipe, key: string, steps: number) {
  const args = ['test/run.mjs', 'support/writeUntilKilled', JSON.stringify(recipe), key];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let written = 0;
  let manifestPath = '';
  let tell: (line: string) => void = () => {};
  const ended = new Promise<string>((resolve) => {
    tell = resolve;
  });
  const lines = createInterface(child.stdout);
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the writer has ended too early')));
    lines.on('line', (line) => {
      if (line.startsWith('/')) manifestPath = line;
      else if (line.startsWith('ended')) tell(line);
      else written = Number(line) + 1;
      if (written >= steps) resolve();
    });
  });
  return {
    child,
    /** What it said at its end. */
    ended,
    /** How many steps it has told of, once it has ended. */
    steps: async () => {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      return written;
    },
    unfinished: async (): Promise<UnfinishedFile> => JSON.parse(await readFile(manifestPath, 'utf8')),
  };
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
