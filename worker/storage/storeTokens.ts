import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';

/**
 * The tokens under which the store may know this `.part` as the one that is uploaded. There are two of them if the
 * worker was lost while it told the store of a new one. null stands for the process that began the upload: it tells
 * the store of no token.
 */
export type StoreTokens = readonly (string | null)[];

/** Resolves to what was written last beside the `.part`. */
export async function readStoreTokens(partPath: string): Promise<StoreTokens> {
  try {
    return JSON.parse(await readFile(pathOf(partPath), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [null];
    throw error;
  }
}

/** Whoever reads them meanwhile reads the old ones or the new ones. */
export async function writeStoreTokens(partPath: string, tokens: StoreTokens): Promise<void> {
  const newPath = `${pathOf(partPath)}.${randomUUID()}`;
  await writeFile(newPath, JSON.stringify(tokens), { mode: 0o600 });
  await rename(newPath, pathOf(partPath));
}

export function removeStoreTokens(partPath: string): Promise<void> {
  return rm(pathOf(partPath), { force: true });
}

function pathOf(partPath: string): string {
  return `${partPath}.owner.store`;
}
