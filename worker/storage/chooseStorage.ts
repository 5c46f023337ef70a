import { join, resolve } from 'node:path';
import type { StorageTarget } from '../../shared/storages/storageTarget.ts';
import { localStorage } from './localStorage.ts';
import type { Storage } from './storage.ts';

/**
 * The storage a job asks for; without one, the worker's own folder. A local folder of the job's is taken below
 * that one, unless it is absolute. What is on its way to a bucket waits in `.uploading`, what could not be
 * delivered is kept in `undelivered`.
 */
export async function chooseStorage(target: StorageTarget | null, recordingsDir: string): Promise<Storage> {
  if (target === null) return localStorage(recordingsDir);
  if (target.kind === 'local') return localStorage(resolve(recordingsDir, target.directory ?? ''));
  // Only where it is needed: the SDK takes up memory that most workers would never use.
  const { s3Storage } = await import('./s3Storage.ts');
  return s3Storage(target, {
    spool: join(recordingsDir, '.uploading'),
    rescue: join(recordingsDir, 'undelivered'),
  });
}
