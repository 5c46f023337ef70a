import type { S3StorageTarget } from '../../../shared/storages/storageTarget.ts';
import { IDLE_LIMIT_MS, objectStorage, type StoreLimits } from '../objects/objectStorage.ts';
import type { SpoolFolders } from '../spooledStorage.ts';
import type { Storage } from '../storage.ts';
import { createClient } from './createClient.ts';
import { s3Object } from './s3Object.ts';
import { s3SideObjects } from './s3SideObjects.ts';

/** Stores recordings in a bucket of AWS S3 or of a server that speaks its protocol. */
export function s3Storage(target: S3StorageTarget, folders: SpoolFolders, limits: StoreLimits = {}): Storage {
  const { bucket, prefix, durability } = target;
  const client = createClient(target, limits.idleLimitMs ?? IDLE_LIMIT_MS, limits.agents ?? null);
  const store = {
    ...{ kind: target.kind, prefix, durability },
    locationOf: (key: string) => `s3://${bucket}/${key}`,
    object: (key: string, mediaType: string) => s3Object(client, { bucket, key, mediaType }),
    beside: (folder: string) => s3SideObjects(client, bucket, folder),
  };
  return objectStorage(store, folders, limits);
}
