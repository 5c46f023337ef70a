import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { openGrowingFile } from '../../../../worker/storage/growingFile.ts';
import { mountSmallDisk } from '../../../support/smallDisk.ts';

let root: string;
let umask: number;

beforeEach(async () => {
  umask = process.umask(0o022);
  root = await mkdtemp(join(tmpdir(), 'call-compositor-growing-'));
});
afterEach(async () => {
  process.umask(umask);
  await rm(root, { recursive: true, force: true });
});

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

test('only the owner can read a private file and its folder, and the folder above is not changed', async () => {
  const recordings = join(root, 'recordings');
  const file = await openGrowingFile(join(recordings, 'undelivered'), 'below/a.mp4', 'owner');
  const path = await file.complete();
  expect(await modeOf(path)).toBe('600');
  expect(await modeOf(join(recordings, 'undelivered', 'below'))).toBe('700');
  expect(await modeOf(join(recordings, 'undelivered'))).toBe('700');
  expect(await modeOf(recordings)).toBe('755');
});

test('the umask decides who can read a public file', async () => {
  const file = await openGrowingFile(join(root, 'recordings'), 'a.mp4', 'everybody');
  expect(await modeOf(await file.complete())).toBe('644');
  expect(await modeOf(join(root, 'recordings'))).toBe('755');
});

test('a file that a killed worker left behind is not touched, and the error says what to do with it', async () => {
  const left = join(root, 'a.mp4.part');
  await writeFile(left, 'recorded before the crash');
  const failure = openGrowingFile(root, 'a.mp4', 'everybody');
  await expect(failure).rejects.toMatchObject({ code: 'storage_failed' });
  await expect(failure).rejects.toThrow(
    `${left} exists already: another recording is writing it, or a worker was killed while it did. ` +
      'If nobody is writing it, move it away',
  );
  expect(String(await readFile(left))).toBe('recorded before the crash');
});

test('a file that cannot be completed is kept, and the error names it', async () => {
  const file = await openGrowingFile(root, 'a.mp4', 'everybody');
  await file.write(Buffer.from('recorded'), 0);
  await mkdir(join(root, 'a.mp4')); // A file cannot take the name of a folder.
  await expect(file.complete()).rejects.toThrow(`what was recorded is kept at ${file.partPath}`);
  await file.drop();
  expect(String(await readFile(file.partPath))).toBe('recorded');
});

const disk = mountSmallDisk(4);
afterAll(() => disk?.unmount());
if (!disk) console.warn('SKIPPED: a disk that is full (this user may not mount one)');

test.skipIf(!disk)('a file keeps its length if the disk is full when its index is written', async () => {
  const file = await openGrowingFile(String(disk?.folder), 'a.mp4', 'everybody', async () => 1024 ** 3);
  await file.write(Buffer.alloc(3 * 1024 ** 2, 7), 0);
  const build = () => ({ front: Buffer.alloc(5000), tail: Buffer.alloc(2 * 1024 ** 2) });
  await file.end({ replacesBytes: 5000, build });
  const bytes = await readFile(await file.complete());
  expect(bytes.equals(Buffer.alloc(3 * 1024 ** 2, 7))).toBe(true);
  expect(file.sizeBytes()).toBe(bytes.length);
});
