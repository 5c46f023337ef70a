import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { SecretStore } from './secretStore.ts';

/** Larger than any token or key, in bytes. */
const LARGEST_BYTES = 65_536;

/**
 * Secrets in files of a folder, as Docker and Kubernetes mount them: `<folder>/<name>`, and `<folder>/<tenant>/<name>` for
 * jobs that name a tenant. A line break at the end is no part of the secret.
 */
export function folderSecrets(folder: string): SecretStore {
  const placeOf = (name: string, tenant: string | null) => join(folder, tenant ?? '', name);
  return {
    placeOf,
    read: async (name, tenant) => {
      const path = await realpath(placeOf(name, tenant)).catch(unlessMissing);
      if (path === null) return null;
      const place = await realpath(join(folder, tenant ?? ''));
      // Kubernetes mounts links, but to files of the same folder.
      if (!path.startsWith(`${place}${sep}`)) throw new Error(`${path} is not in ${place}`);
      const found = await stat(path);
      if (!found.isFile()) return null;
      if (found.size > LARGEST_BYTES) throw new Error(`${path} has more than ${LARGEST_BYTES} bytes`);
      return (await readFile(path, 'utf8')).replace(/\r?\n$/, '') || null;
    },
  };
}

function unlessMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}
