import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RecordingError } from '../../recordingError.ts';
import { readStoreTokens, type StoreTokens, writeStoreTokens } from '../storeTokens.ts';
import type { Retrier } from './createRetrier.ts';
import type { PartedObject } from './partedObject.ts';
import type { SideObjects } from './sideObjects.ts';
import { statusOf } from './storeErrors.ts';

/**
 * Which machine may write an object. Whoever goes on with an upload puts a token into an object beside it, and into a
 * file beside its `.part`. What the store says is the truth: a `.part` whose token is another one is out of date.
 */
export interface ObjectOwnership {
  /** Takes the upload over if that is not done yet. Throws storage_failed if another machine has gone on with it. */
  confirm(run: Retrier['run']): Promise<void>;
  /** Whether no other machine has gone on with it. */
  isOurs(signal: AbortSignal): Promise<boolean>;
}

interface Owned {
  readonly location: string;
  readonly object: Pick<PartedObject, 'length'>;
  readonly sideObjects: Pick<SideObjects, 'owner' | 'tellOwner'>;
}

/** The ownership of the process that began the upload. */
export function firstOwnership(owned: Owned): ObjectOwnership {
  return ownership(owned, [null]);
}

/** The ownership of a process that goes on with the `.part` on this machine. The store need not answer yet. */
export async function ownershipOf(owned: Owned, partPath: string): Promise<ObjectOwnership> {
  return ownership(owned, await readStoreTokens(partPath), partPath);
}

/** Takes the upload from whoever wrote it, for a `.part` that is to be made of what is kept in the store. */
export async function takeForRestore(
  owned: Owned,
  partPath: string,
  run: Retrier['run'],
): Promise<ObjectOwnership> {
  const token = randomUUID();
  await mkdir(dirname(partPath), { recursive: true, mode: 0o700 });
  await writeStoreTokens(partPath, [token]);
  await run((signal) => owned.sideObjects.tellOwner(token, signal));
  return ownership(owned, [token]);
}

/** With a path, the upload is taken with a new token at the first occasion. */
function ownership({ location, object, sideObjects }: Owned, known: StoreTokens, partPath?: string) {
  const token = randomUUID();
  let accepted = known;
  let isTaken = partPath === undefined;

  async function isOurs(signal: AbortSignal): Promise<boolean> {
    try {
      const owner = await sideObjects.owner(signal);
      // Without an owner, the object may be complete, and everything beside it removed.
      return owner === null ? (await object.length(signal)) === null : accepted.includes(owner);
    } catch (error) {
      if (statusOf(error) === 403) return true; // nobody can go on without reading
      throw error;
    }
  }

  async function take(path: string, run: Retrier['run']): Promise<void> {
    accepted = [...new Set([token, ...accepted])];
    await writeStoreTokens(path, accepted);
    await run((signal) => sideObjects.tellOwner(token, signal));
    accepted = [token];
    await writeStoreTokens(path, accepted);
    isTaken = true;
  }

  return {
    isOurs,
    confirm: async (run: Retrier['run']) => {
      if (!(await run(isOurs))) {
        const message = `${location} is written by another process now, which went on with it`;
        throw new RecordingError('storage_failed', message);
      }
      if (!isTaken && partPath !== undefined) await take(partPath, run);
    },
  };
}
