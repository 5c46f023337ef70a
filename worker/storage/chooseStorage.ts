import { join, resolve } from 'node:path';
import type { StorageTarget } from '../../shared/storages/storageTarget.ts';
import type { GuardedAgents } from '../egress/guardedAgents.ts';
import { azureStorage } from './azure/azureStorage.ts';
import { encryptedStorage } from './encryptedStorage.ts';
import { folderStorage } from './folderStorage.ts';
import { presignedStorage } from './presigned/presignedStorage.ts';
import type { SpoolFolders } from './spooledStorage.ts';
import type { Storage } from './storage.ts';
import { withBackup } from './withBackup.ts';

const MINUTE_MS = 60_000;
/** How long it is tried, after a recording has ended, to deliver it: shorter if there is a backup that takes it. */
const GIVE_UP_MS = { withBackup: 15 * MINUTE_MS, withoutBackup: 24 * 60 * MINUTE_MS } as const;

/** What a storage needs to know of the worker. */
interface Place {
  readonly recordingsDir: string;
  /** Where files lie on their way. Those of a storage and its backup are apart. */
  readonly folders: SpoolFolders;
  readonly giveUpAfterMs: number;
  /** Makes what connects to an address that a job names; null stands for Node's own. */
  readonly createAgents: (() => GuardedAgents) | null;
}

type TargetOf<K extends StorageTarget['kind']> = Extract<StorageTarget, { kind: K }>;
type OpenStorage<T> = (target: T, place: Place) => Promise<Storage>;

/** How each kind of storage is opened. */
const STORAGES: { readonly [K in StorageTarget['kind']]: OpenStorage<TargetOf<K>> } = {
  /** A folder that the job names lies below the worker's own, unless its path is absolute. */
  local: async ({ directory }, { recordingsDir }) => folderStorage(resolve(recordingsDir, directory ?? '')),
  s3: async (target, { folders, giveUpAfterMs, createAgents }) => {
    // The SDK is loaded only if it is needed, because it takes memory that most workers would never use.
    const { s3Storage } = await import('./s3/s3Storage.ts');
    // Where the operator's own address of AWS leads is the operator's choice.
    const agents = target.endpoint === null ? null : (createAgents?.() ?? null);
    return s3Storage(target, folders, { giveUpAfterMs, agents });
  },
  gcs: async (target, { folders, giveUpAfterMs, createAgents }) => {
    // It needs the SDK, too.
    const { gcsStorage } = await import('./gcs/gcsStorage.ts');
    return gcsStorage(target, folders, { giveUpAfterMs, agents: createAgents?.() ?? null });
  },
  azure: async (target, { folders, giveUpAfterMs, createAgents }) =>
    azureStorage(target, folders, { giveUpAfterMs, agents: createAgents?.() ?? null }),
  presigned: async (target, { folders, giveUpAfterMs, createAgents }) =>
    presignedStorage(target, folders, { giveUpAfterMs, agents: createAgents?.() ?? null }),
};

interface ChosenStorage {
  readonly storage: StorageTarget | null;
  readonly backup: StorageTarget | null;
  /** To whom everything is encrypted before it is stored; null if to nobody. */
  readonly recipients?: readonly string[] | null;
}

/** The storage that a job asks for, or the worker's own folder if the job asks for none, and its backup. */
export async function chooseStorage(
  chosen: ChosenStorage,
  recordingsDir: string,
  createAgents: Place['createAgents'] = null,
): Promise<Storage> {
  const { recipients = null } = chosen;
  const plain = await plainStorage(chosen, recordingsDir, createAgents);
  return recipients === null
    ? plain
    : encryptedStorage(plain, join(recordingsDir, '.encrypting'), recipients);
}

async function plainStorage(
  { storage, backup }: ChosenStorage,
  recordingsDir: string,
  createAgents: Place['createAgents'],
): Promise<Storage> {
  const giveUpAfterMs = backup ? GIVE_UP_MS.withBackup : GIVE_UP_MS.withoutBackup;
  const main = await storageFor(storage, {
    recordingsDir,
    folders: foldersIn(recordingsDir, ''),
    giveUpAfterMs,
    createAgents,
  });
  if (backup === null) return main;
  const giveUpLateMs = GIVE_UP_MS.withoutBackup;
  return withBackup(
    main,
    await storageFor(backup, {
      recordingsDir,
      folders: foldersIn(recordingsDir, 'backup'),
      giveUpAfterMs: giveUpLateMs,
      createAgents,
    }),
  );
}

function foldersIn(recordingsDir: string, subfolder: string): SpoolFolders {
  return {
    spool: join(recordingsDir, '.uploading', subfolder),
    rescue: join(recordingsDir, 'undelivered', subfolder),
  };
}

function storageFor(target: StorageTarget | null, place: Place): Promise<Storage> {
  if (target === null) return STORAGES.local({ kind: 'local', directory: null }, place);
  // TypeScript does not see that each entry of the table takes the targets of its own kind.
  const open = STORAGES[target.kind] as OpenStorage<StorageTarget>;
  return open(target, place);
}
