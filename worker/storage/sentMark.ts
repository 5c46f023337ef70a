import { rm, writeFile } from 'node:fs/promises';
import { readSideFile } from './sideFile.ts';
import type { Json } from './storage.ts';

/** What is known of a `.part` that was made of what a store had of it. */
export interface SentMark {
  /** So many bytes at its beginning are in the store only. 0 if the file is whole. */
  readonly settledBytes: number;
  /** How the upload stood then. */
  readonly upload: { readonly [key: string]: Json };
}

/** Resolves to null if the file was begun on this machine. */
export async function readSentMark(partPath: string): Promise<SentMark | null> {
  const text = await readSideFile(pathOf(partPath));
  return text === null ? null : JSON.parse(text);
}

/** Has to be written before the `.part` gets its name. */
export function writeSentMark(partPath: string, mark: SentMark): Promise<void> {
  return writeFile(pathOf(partPath), JSON.stringify(mark), { mode: 0o600 });
}

export function removeSentMark(partPath: string): Promise<void> {
  return rm(pathOf(partPath), { force: true });
}

function pathOf(partPath: string): string {
  return `${partPath}.json.sent`;
}
