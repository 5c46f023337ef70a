import { join, resolve } from 'node:path';
import type { StorageTarget } from '../../shared/storageTarget.ts';
import { localStorage } from './localStorage.ts';
import { s3Storage } from './s3Storage.ts';
import type { Storage } from './storage.ts';

/**
 * The storage a job asks for; without one, the worker's own folder. A local folder of the job's is taken below
 * that one, unless it is absolute. What is on its way to a bucket waits in `.uploading`, what could not be
 * delivered is kept in `undelivered`.
 */
export function chooseStorage(target: StorageTarget | null, recordingsDir: string): Storage {
  if (target === null) return localStorage(recordingsDir);
  if (target.kind === 'local') return localStorage(resolve(recordingsDir, target.directory ?? ''));
  return s3Storage(target, {
    spool: join(recordingsDir, '.uploading'),
    rescue: join(recordingsDir, 'undelivered'),
  });
}
