import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';

/** The text of a file that may lie beside a `.part`; null if there is none. */
export async function readSideFile(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whoever reads it meanwhile reads the old text or the new one, and two processes may write it at once. */
export async function writeSideFile(path: string, text: string): Promise<void> {
  const newPath = `${path}.${randomUUID()}`;
  await writeFile(newPath, text, { mode: 0o600 });
  await rename(newPath, path);
}
