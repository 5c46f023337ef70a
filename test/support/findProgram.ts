import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PEERS_FOLDER = fileURLToPath(new URL('../../.cache/peers/', import.meta.url));

/** Returns the path of the first of `names` that is found among the built peers or on the PATH, or null. */
export function findProgram(...names: string[]): string | null {
  const folders = [PEERS_FOLDER, ...(process.env.PATH ?? '').split(delimiter)];
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
