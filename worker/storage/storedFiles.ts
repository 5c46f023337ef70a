import { realpath, rm } from 'node:fs/promises';
import { sep } from 'node:path';
import type { S3StorageTarget } from '../../shared/storages/storageTarget.ts';
import type { GuardedAgents } from '../egress/guardedAgents.ts';

/** Reaches the files that workers stored, in folders of this machine and in buckets. */
export interface StoredFiles {
  /** The path of a file, with no links in it; null if it is in none of the folders, or not on this machine. */
  localPath(file: string): Promise<string | null>;
  presign(target: S3StorageTarget, location: string, expiresS: number): Promise<string>;
  /** Removes a file; one that is not there is removed already. Throws if it is where nothing may be removed. */
  remove(target: S3StorageTarget | null, location: string): Promise<void>;
  probe(target: S3StorageTarget, name: string, text: string): Promise<string>;
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

  /** AWS itself is no address that a tenant has named. */
  const agentsFor = ({ endpoint }: S3StorageTarget) => (endpoint === null ? null : agents);
  // The SDK is loaded only if it is needed, because it takes memory that most servers would never use.
  const objects = () => import('./s3/storedObject.ts');
  return {
    localPath,
    presign: async (...given) => (await objects()).presignObject(...given),
    probe: async (target, name, text) => (await objects()).probeBucket(target, name, text, agentsFor(target)),
    remove: async (target, location) => {
      if (location.startsWith('s3://')) {
        if (target === null) throw new Error(`the bucket of ${location} is not in the configuration`);
        return (await objects()).removeObject(target, location, agentsFor(target));
      }
      const path = await localPath(location);
      if (path !== null) await rm(path, { force: true });
    },
  };
}
