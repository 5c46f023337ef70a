import type { AzureStorageTarget } from '../../../shared/storages/storageTarget.ts';
import { IDLE_LIMIT_MS, objectStorage, type StoreLimits } from '../objects/objectStorage.ts';
import type { SpoolFolders } from '../spooledStorage.ts';
import type { Storage } from '../storage.ts';
import { addressOf, azureClient } from './azureClient.ts';
import { azureFolder } from './azureFolder.ts';
import { azureObject } from './azureObject.ts';

/** Stores recordings in a container of Azure Blob Storage or of a server that speaks its protocol. */
export function azureStorage(
  target: AzureStorageTarget,
  folders: SpoolFolders,
  limits: StoreLimits = {},
): Storage {
  const { kind, prefix, durability } = target;
  const send = azureClient(target, limits.idleLimitMs ?? IDLE_LIMIT_MS, limits.agents ?? null);
  const store = {
    ...{ kind, prefix, durability },
    locationOf: (key: string) => addressOf(target, key).href,
    object: (key: string, mediaType: string) => azureObject(send, key, mediaType),
    beside: (folder: string) => azureFolder(send, folder),
  };
  return objectStorage(store, folders, limits);
}
