import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cleanup } from '../cleanup.ts';

/** The name holds the worker's process id, so that folders of a worker that has died can be recognised. */
const PREFIX = 'call-compositor-';

/** Creates a temporary folder for one recording. The cleanup removes it. */
export async function makeWorkFolder(cleanup: Cleanup): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  // Helpers of the browser that end after it may still write into the folder: eight tries take 3.6 s.
  cleanup.defer('remove the temporary folder', () =>
    rm(folder, { recursive: true, force: true, maxRetries: 8 }),
  );
  return folder;
}

/** The paths of the folders that killed workers left behind. */
export async function findWorkFolders(): Promise<string[]> {
  return (await readdir(tmpdir())).filter(isLeftBehind).map((name) => join(tmpdir(), name));
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
