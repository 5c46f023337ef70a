import { realpath, rm } from 'node:fs/promises';
import { sep } from 'node:path';
import type { BucketTarget } from '../../shared/storages/storageTarget.ts';
import type { GuardedAgents } from '../egress/guardedAgents.ts';
import { reasonOf } from './objects/storeErrors.ts';

/** What can be done with the objects of one kind of storage. `agents` connect to addresses that the target names. */
interface StoredObjects<Target> {
  presignObject(
    target: Target,
    location: string,
    expiresS: number,
    agents: GuardedAgents | null,
  ): Promise<string>;
  removeObject(target: Target, location: string, agents: GuardedAgents | null): Promise<void>;
  probeBucket(target: Target, name: string, text: string, agents: GuardedAgents | null): Promise<string>;
}

/** Each is loaded only if it is needed, because an SDK takes memory that most servers would never use. */
const KINDS: {
  readonly [K in BucketTarget['kind']]: () => Promise<StoredObjects<Extract<BucketTarget, { kind: K }>>>;
} = {
  s3: () => import('./s3/storedObject.ts'),
  gcs: () => import('./gcs/storedObject.ts'),
  azure: () => import('./azure/storedBlob.ts'),
};

/** Reaches the files that workers stored, in folders of this machine and in buckets. */
export interface StoredFiles {
  /** The path of a file, with no links in it; null if it is in none of the folders, or not on this machine. */
  localPath(file: string): Promise<string | null>;
  /** Whether a file is in a store, and not in a folder of a machine. */
  isInStore(location: string): boolean;
  presign(target: BucketTarget, location: string, expiresS: number): Promise<string>;
  /** Removes a file; one that is not there is removed already. Throws if it is where nothing may be removed. */
  remove(target: BucketTarget | null, location: string): Promise<void>;
  probe(target: BucketTarget, name: string, text: string): Promise<string>;
}

/**
 * The files below these folders, and those of buckets, whose servers are reached with `agents`. Whatever a record says, no
 * other file is read or removed.
 */
export function storedFiles(folders: readonly string[], agents: GuardedAgents): StoredFiles {
  async function localPath(file: string): Promise<string | null> {
    const path = await realpath(file).catch(() => null);
    if (path === null) return null;
    const roots = await Promise.all(folders.map((folder) => realpath(folder).catch(() => null)));
    return roots.some((root) => root !== null && path.startsWith(`${root}${sep}`)) ? path : null;
  }

  // TypeScript does not see that each entry of the table takes the targets of its own kind.
  const objectsOf = ({ kind }: BucketTarget) => KINDS[kind]() as Promise<StoredObjects<BucketTarget>>;
  const isInStore = (location: string) => /^[a-z][a-z\d]+:\/\//.test(location);
  return {
    localPath,
    isInStore,
    presign: async (target, ...given) => (await objectsOf(target)).presignObject(target, ...given, agents),
    probe: async (target, ...given) =>
      explained(async () => (await objectsOf(target)).probeBucket(target, ...given, agents)),
    remove: async (target, location) => {
      if (isInStore(location)) {
        if (target === null) throw new Error(`the bucket of ${location} is not in the configuration`);
        return explained(async () => (await objectsOf(target)).removeObject(target, location, agents));
      }
      const path = await localPath(location);
      if (path !== null) await rm(path, { force: true });
    },
  };
}

/** Runs `ask`. An error of a store then says what to do, and which right is missing. */
async function explained<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  }
}
