import { type FileHandle, open, rename } from 'node:fs/promises';
import { readAll } from './readRange.ts';
import type { Ending } from './storage.ts';
import { writeAll } from './writeAll.ts';

/**
 * A file up to this length is copied, so that it has no unused room at its front. This takes less than half a
 * second. A longer one keeps that room, which is small in comparison.
 */
const COPIED_BYTES = 64 * 1024 * 1024;
const COPY_STEP_BYTES = 4 * 1024 * 1024;
/** What makes the new front valid is within the file's first page, which the system writes at once. */
const PAGE_BYTES = 4096;

/**
 * Gives the file at `path` its ending. It can be read at every moment, with the old front or the new one.
 * Resolves to the file, which may be a new one.
 */
export async function replaceFront(
  file: FileHandle,
  path: string,
  sizeBytes: number,
  ending: Ending,
): Promise<{ file: FileHandle; sizeBytes: number }> {
  if (sizeBytes <= ending.replacesBytes + COPIED_BYTES) return copyBehind(file, path, sizeBytes, ending);
  const { front, tail } = ending.build(ending.replacesBytes);
  await writeAll(file, tail, sizeBytes);
  await writeAll(file, front.subarray(PAGE_BYTES), PAGE_BYTES);
  await file.datasync();
  await writeAll(file, front.subarray(0, PAGE_BYTES), 0);
  return { file, sizeBytes: sizeBytes + tail.byteLength };
}

async function copyBehind(file: FileHandle, path: string, sizeBytes: number, ending: Ending) {
  const { front, tail } = ending.build(null);
  const { mode } = await file.stat();
  const newPath = `${path}.new`;
  const copy = await open(newPath, 'w+', mode & 0o777);
  try {
    await writeAll(copy, front, 0);
    let end = front.byteLength;
    for (let from = ending.replacesBytes; from < sizeBytes; from += COPY_STEP_BYTES) {
      const bytes = await readAll(file, path, from, Math.min(COPY_STEP_BYTES, sizeBytes - from));
      await writeAll(copy, bytes, end);
      end += bytes.byteLength;
    }
    await writeAll(copy, tail, end);
    await copy.sync();
    await rename(newPath, path);
    await file.close();
    return { file: copy, sizeBytes: end + tail.byteLength };
  } catch (error) {
    await copy.close();
    throw error;
  }
}
