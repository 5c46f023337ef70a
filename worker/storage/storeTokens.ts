import { rm } from 'node:fs/promises';
import { readSideFile, writeSideFile } from './sideFile.ts';

/**
 * The tokens under which the store may know this `.part` as the one that is uploaded. There are two of them if the
 * worker was lost while it told the store of a new one. null stands for the process that began the upload: it tells
 * the store of no token.
 */
export type StoreTokens = readonly (string | null)[];

/** Resolves to what was written last beside the `.part`. */
export async function readStoreTokens(partPath: string): Promise<StoreTokens> {
  const text = await readSideFile(pathOf(partPath));
  return text === null ? [null] : JSON.parse(text);
}

export function writeStoreTokens(partPath: string, tokens: StoreTokens): Promise<void> {
  return writeSideFile(pathOf(partPath), JSON.stringify(tokens));
}

export function removeStoreTokens(partPath: string): Promise<void> {
  return rm(pathOf(partPath), { force: true });
}

function pathOf(partPath: string): string {
  return `${partPath}.owner.store`;
}
