import type { GcsStorageTarget } from '../../../shared/storages/storageTarget.ts';
import { IDLE_LIMIT_MS, objectStorage, type StoreLimits } from '../objects/objectStorage.ts';
import { s3SideObjects } from '../s3/s3SideObjects.ts';
import type { SpoolFolders } from '../spooledStorage.ts';
import type { Storage } from '../storage.ts';
import { gcsClient } from './gcsClient.ts';
import { gcsObject } from './gcsObject.ts';

/** Stores recordings in a bucket of Google Cloud Storage. Throws storage_failed if the credentials cannot be read. */
export function gcsStorage(
  target: GcsStorageTarget,
  folders: SpoolFolders,
  limits: StoreLimits = {},
): Storage {
  const { kind, bucket, prefix, durability } = target;
  const client = gcsClient(target, limits.idleLimitMs ?? IDLE_LIMIT_MS, limits.agents ?? null);
  const store = {
    ...{ kind, prefix, durability },
    locationOf: (key: string) => `gs://${bucket}/${key}`,
    object: (key: string, mediaType: string) => gcsObject(client, { bucket, key, mediaType }),
    beside: (folder: string) => s3SideObjects(client, bucket, folder),
  };
  return objectStorage(store, folders, limits);
}
