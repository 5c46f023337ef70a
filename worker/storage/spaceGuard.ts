import { statfs } from 'node:fs/promises';
import { RecordingError } from '../recordingError.ts';

const MIB = 1024 * 1024;
/** This much is kept free, so that files that are being written can still be finished. */
const KEPT_BYTES = 200 * MIB;
/** If a file grows fast, what it needs for so many seconds is kept free instead. */
const KEPT_S = 30;
/** Others write to the same disk, so it is looked at again after this long. */
const LOOK_EVERY_MS = 3000;
/** It is looked at earlier if the file has taken this share of what was free beyond what is kept free. */
const LOOK_AFTER_SHARE = 1 / 2;

/** How many bytes may still be written to the disk of that folder. */
export type FreeBytes = (folder: string) => Promise<number>;

/** Asks the system. */
export async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

export interface SpaceGuard {
  /** Throws storage_failed if too little is free to begin a file. */
  beforeBegin(): Promise<void>;
  /** Notes that so many bytes are to be written. Throws storage_failed if too little is free to go on. */
  beforeWrite(bytes: number): Promise<void>;
}

/**
 * Watches how much is free on the disk of `folder` while the file at `path` is written. A recording ends before
 * the disk is full, because a file cannot be finished on a full disk.
 */
export function spaceGuard(folder: string, path: string, freeBytes: FreeBytes): SpaceGuard {
  const startedMs = performance.now();
  let lookedMs = startedMs;
  let written = 0;
  let writtenSinceLook = 0;
  /** How much was free beyond what is kept free. */
  let spareBytes = Number.POSITIVE_INFINITY;

  async function requireFree(neededBytes: number, outcome: string): Promise<void> {
    const free = await freeBytes(folder);
    spareBytes = free - neededBytes;
    writtenSinceLook = 0;
    if (spareBytes >= 0) return;
    const [has, needs] = [free, neededBytes].map((bytes) => `${Math.floor(bytes / MIB)} MiB`);
    const message = `${path} ${outcome}: ${has} are free on its disk, and ${needs} are kept free to finish files`;
    throw new RecordingError('storage_failed', message);
  }

  return {
    beforeBegin: () => requireFree(KEPT_BYTES, 'is not begun'),
    beforeWrite: async (bytes) => {
      written += bytes;
      writtenSinceLook += bytes;
      const nowMs = performance.now();
      if (nowMs - lookedMs < LOOK_EVERY_MS && writtenSinceLook < spareBytes * LOOK_AFTER_SHARE) return;
      lookedMs = nowMs;
      const bytesPerSecond = (written / Math.max(nowMs - startedMs, LOOK_EVERY_MS)) * 1000;
      await requireFree(Math.max(KEPT_BYTES, bytesPerSecond * KEPT_S), 'is not written any further');
    },
  };
}
