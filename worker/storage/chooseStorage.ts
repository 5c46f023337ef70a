import { join, resolve } from 'node:path';
import type { StorageTarget } from '../../shared/storages/storageTarget.ts';
import { folderStorage } from './folderStorage.ts';
import type { SpoolFolders } from './spooledStorage.ts';
import type { Storage } from './storage.ts';

type TargetOf<K extends StorageTarget['kind']> = Extract<StorageTarget, { kind: K }>;
type OpenStorage<T> = (target: T, recordingsDir: string) => Promise<Storage>;

/** How each kind of storage is opened. */
const STORAGES: { readonly [K in StorageTarget['kind']]: OpenStorage<TargetOf<K>> } = {
  /** A folder that the job names lies below the worker's own, unless its path is absolute. */
  local: async ({ directory }, recordingsDir) => folderStorage(resolve(recordingsDir, directory ?? '')),
  s3: async (target, recordingsDir) => {
    // The SDK is loaded only if it is needed, because it takes memory that most workers would never use.
    const { s3Storage } = await import('./s3/s3Storage.ts');
    return s3Storage(target, spoolFoldersIn(recordingsDir));
  },
};

/** The storage that a job asks for, or the worker's own folder if the job asks for none. */
export function chooseStorage(target: StorageTarget | null, recordingsDir: string): Promise<Storage> {
  if (target === null) return STORAGES.local({ kind: 'local', directory: null }, recordingsDir);
  // TypeScript does not see that each entry of the table takes the targets of its own kind.
  const open = STORAGES[target.kind] as OpenStorage<StorageTarget>;
  return open(target, recordingsDir);
}

function spoolFoldersIn(recordingsDir: string): SpoolFolders {
  return { spool: join(recordingsDir, '.uploading'), rescue: join(recordingsDir, 'undelivered') };
}
