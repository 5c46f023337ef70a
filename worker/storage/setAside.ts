import { rename, rm } from 'node:fs/promises';

/**
 * Moves away a `.part` with which another machine went on without it. It may hold some seconds that the other machine
 * had not, so it is kept until the file is stored.
 */
export function setAside(partPath: string): Promise<void> {
  return rename(partPath, pathOf(partPath));
}

export function removeSetAside(partPath: string): Promise<void> {
  return rm(pathOf(partPath), { force: true });
}

function pathOf(partPath: string): string {
  return partPath.replace(/\.part$/, '.outdated.part');
}
