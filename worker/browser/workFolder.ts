import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cleanup } from '../cleanup.ts';

/** Temporary folders carry the worker's process id, so that those of a dead worker can be told apart. */
const PREFIX = 'call-compositor-';

/** A temporary folder for one recording, removed by the cleanup. */
export async function makeWorkFolder(cleanup: Cleanup): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  cleanup.defer('remove the temporary folder', () =>
    rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  );
  return folder;
}

/** Removes what workers that were killed left behind; returns the folders removed. */
export async function sweepWorkFolders(): Promise<string[]> {
  const names = (await readdir(tmpdir())).filter((name) => isLeftBehind(name));
  await Promise.all(names.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true })));
  return names;
}

function isLeftBehind(name: string): boolean {
  const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
  return pid !== undefined && !isRunning(Number(pid));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
