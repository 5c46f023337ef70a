import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { readAll } from './readRange.ts';
import type { Ending } from './storage.ts';
import { writeAll } from './writeAll.ts';

/**
 * A file up to this length is copied, so that it has no unused room at its front. This takes less than half a
 * second. A longer one is copied only if that room would be more than a twentieth of it.
 */
const COPIED_BYTES = 64 * 1024 * 1024;
const LONGEST_COPIED_BYTES = 160 * 1024 * 1024;
const LARGEST_ROOM_SHARE = 1 / 20;
const COPY_STEP_BYTES = 4 * 1024 * 1024;
/** What makes the new front valid is within the file's first page, which the system writes at once. */
const PAGE_BYTES = 4096;
/** The disk, or what its user may have of it, is used up. */
const FULL = ['ENOSPC', 'EDQUOT'];

/**
 * Gives the file at `path` its ending. It can be read at every moment, with the old front or the new one. If
 * the disk is full, the file stays as it is. Resolves to the file, which may be a new one.
 */
export async function replaceFront(
  file: FileHandle,
  path: string,
  sizeBytes: number,
  ending: Ending,
): Promise<{ file: FileHandle; sizeBytes: number }> {
  const unchanged = { file, sizeBytes };
  if (isCopied(sizeBytes, ending)) {
    const copied = await copyBehind(file, path, sizeBytes, ending).catch(unlessFull);
    if (copied) return copied;
  }
  const replaced = await replaceInPlace(file, sizeBytes, ending).catch(unlessFull);
  if (replaced) return replaced;
  await file.truncate(sizeBytes); // a part of the tail may have been written
  return unchanged;
}

function isCopied(sizeBytes: number, { replacesBytes }: Ending): boolean {
  const isSmall = sizeBytes <= replacesBytes + COPIED_BYTES;
  const isMostlyRoom = sizeBytes <= LONGEST_COPIED_BYTES && replacesBytes > sizeBytes * LARGEST_ROOM_SHARE;
  return isSmall || isMostlyRoom;
}

function unlessFull(error: NodeJS.ErrnoException): null {
  if (FULL.includes(error.code ?? '')) return null;
  throw error;
}

async function replaceInPlace(file: FileHandle, sizeBytes: number, ending: Ending) {
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
    await rm(newPath, { force: true });
    throw error;
  }
}
