import { type Dirent, lstatSync, opendirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as afterArrivals } from 'node:timers/promises';

/** A file takes room even where it is empty. */
const LEAST_BYTES = 4_096;
/** So many entries take a millisecond. Whatever has come meanwhile is answered behind them. */
const ENTRIES_AT_ONCE = 200;

/**
 * How much the files below a folder take, in MiB; once it is more than `enough`, the rest is not counted. It asks without
 * waiting: to hand each question to another thread costs three times as much as the question.
 */
export async function folderMiB(folder: string, enough: number): Promise<number> {
  let bytes = 0;
  let entries = 0;
  const open = [folder];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const entry of entriesOf(at)) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) open.push(path);
      else if (entry.isFile()) bytes += Math.max(LEAST_BYTES, takenBytes(path));
      if (bytes > enough * 2 ** 20) return bytes / 2 ** 20;
      if (++entries % ENTRIES_AT_ONCE === 0) await afterArrivals();
    }
  }
  return bytes / 2 ** 20;
}

/** Chromium removes files and folders at any time. */
function* entriesOf(folder: string): Generator<Dirent> {
  try {
    const open = opendirSync(folder);
    try {
      for (let entry = open.readSync(); entry; entry = open.readSync()) yield entry;
    } finally {
      open.closeSync();
    }
  } catch {
    // it is gone, with everything in it
  }
}

/** What a file takes on the disk: of one that has holes, that is less than its length. */
function takenBytes(path: string): number {
  try {
    return lstatSync(path).blocks * 512;
  } catch {
    return 0; // it is gone
  }
}
