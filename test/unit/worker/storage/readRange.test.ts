import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAll, readRange } from '../../../../worker/storage/readRange.ts';

let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'call-compositor-range-'));
  path = join(folder, 'ten-bytes');
  await writeFile(path, '0123456789');
});
afterAll(() => rm(folder, { recursive: true }));

test('a range is read from its start to its end', async () => {
  expect(String(await readRange(path, 2, 5))).toBe('23456');
});

test('a range is complete even if the system returns a few bytes at a time', async () => {
  const file = await open(path, 'r');
  const read = (bytes: Buffer, offset: number, length: number, position: number) =>
    file.read(bytes, offset, Math.min(length, 3), position);
  try {
    expect(String(await readAll({ read: read as typeof file.read }, path, 1, 8))).toBe('12345678');
  } finally {
    await file.close();
  }
});

test('a file that is shorter than what was written to it is an error, not zeros', async () => {
  await expect(readRange(path, 4, 16)).rejects.toThrow(
    `${path} ends at byte 10, but 20 bytes were written to it`,
  );
});
