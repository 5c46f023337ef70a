import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A file takes room even where it is empty. */
const LEAST_BYTES = 4_096;

/** How much the files below a folder take, in MiB; once it is more than `enough`, the rest is not counted. */
export async function folderMiB(folder: string, enough: number): Promise<number> {
  let bytes = 0;
  const open = [folder];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const entry of await entriesOf(at)) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) open.push(path);
      else if (entry.isFile()) bytes += Math.max(LEAST_BYTES, await takenBytes(path));
      if (bytes > enough * 2 ** 20) return bytes / 2 ** 20;
    }
  }
  return bytes / 2 ** 20;
}

/** Chromium removes files and folders at any time. */
function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}

/** What a file takes on the disk: of one that has holes, that is less than its length. */
async function takenBytes(path: string): Promise<number> {
  const stat = await lstat(path).catch(() => null);
  return stat === null ? 0 : stat.blocks * 512;
}
