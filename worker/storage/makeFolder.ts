import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Creates the folder, and those above it that are missing. The mode is for those that are created. */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode });
  } catch (error) {
    // Node says so of a disk that is read-only. What is wrong, the system tells of the first folder that is missing.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await makeFolder(dirname(path), mode);
    await mkdir(path, { mode });
  }
}
