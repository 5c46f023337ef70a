import type { Durability } from '../../../shared/storages/storageDescriptor.ts';
import type { StorageTarget } from '../../../shared/storages/storageTarget.ts';
import type { GuardedAgents } from '../../egress/guardedAgents.ts';
import { RecordingError } from '../../recordingError.ts';
import type { SentMark } from '../sentMark.ts';
import { type SpoolFolders, spooledStorage } from '../spooledStorage.ts';
import type { NewFile, Storage, UnfinishedFile } from '../storage.ts';
import type { Keeping } from './createKeeper.ts';
import { createRetrier } from './createRetrier.ts';
import { NOTHING_KEPT } from './keptState.ts';
import { firstOwnership, type ObjectOwnership, ownershipOf, takeForRestore } from './objectOwnership.ts';
import { createObjectUpload, type ObjectUploadState } from './objectUpload.ts';
import type { PartedObject } from './partedObject.ts';
import { restoreSpool } from './restoreSpool.ts';
import type { SideObjects } from './sideObjects.ts';
import { isDenied, isHopeless } from './storeErrors.ts';

export const DAY_MS = 24 * 60 * 60 * 1000;
const CHECK_LIMIT_MS = 20_000;
/** Not less: the system may have taken some MiB that a slow line has not carried yet, and this looks idle. */
export const IDLE_LIMIT_MS = 60_000;
const LIST_LIMIT_MS = 10_000;
/** With half a second until a fragment is complete, less than 2 s are lost. */
const MACHINE_TAIL_MS = 700;
/** A part of a file with little in it takes many minutes, so no more than about a minute is lost of such a file. */
const PART_TAIL_MS = 60_000;

/** How long it is tried to read what another machine has kept in the bucket. */
const RESTORE_LIMIT_MS = 30_000;
/** For so long a recording that goes on waits to hear whether its file is out of date. */
const ASK_LIMIT_MS = 3_000;

const NOTHING_SENT: ObjectUploadState = { uploadId: null, parts: [], kept: NOTHING_KEPT };

export interface StoreLimits {
  /** How long it is tried, after the end of a recording, to deliver it. */
  readonly giveUpAfterMs?: number;
  /** The same, where parts of the recording are in the bucket only, so that they cannot be delivered elsewhere. */
  readonly giveUpSettledAfterMs?: number;
  /** How long a store may take to say that an object can be written, before it is recorded. */
  readonly checkLimitMs?: number;
  /** For how long nothing may move on a connection before what was sent over it is sent again. */
  readonly idleLimitMs?: number;
  /** The end of a file is kept if no part of it was sent for so long, unless more is asked for. */
  readonly partTailMs?: number;
  /** What connects to the store; null or absent for the SDK's own. */
  readonly agents?: GuardedAgents | null;
}

/** A store of objects that can be sent in parts, in any order. */
export interface ObjectStore {
  /** What manifests call it. */
  readonly kind: StorageTarget['kind'];
  /** Put before the keys, without a slash of its own; empty for nothing. */
  readonly prefix: string;
  /** What survives a machine that is lost with its disk. */
  readonly durability: Durability;
  /** The address of an object as results tell it, such as s3://bucket/key. */
  locationOf(key: string): string;
  object(key: string, mediaType: string): PartedObject;
  /** The small objects below that folder, which ends with a slash. */
  beside(folder: string): SideObjects;
}

/** Stores recordings in a store of objects. Parts are sent while the recording runs; the first one is sent last. */
export function objectStorage(
  store: ObjectStore,
  folders: SpoolFolders,
  {
    giveUpAfterMs = DAY_MS,
    giveUpSettledAfterMs = DAY_MS,
    checkLimitMs = CHECK_LIMIT_MS,
    partTailMs = PART_TAIL_MS,
  }: StoreLimits = {},
): Storage {
  const { prefix } = store;
  const keeping = keepingOf(store.durability, partTailMs);

  function open({ key, mediaType }: NewFile) {
    const objectKey = prefix ? `${prefix}/${key}` : key;
    const location = store.locationOf(objectKey);
    const object = store.object(objectKey, mediaType);
    // Below one prefix, so that a rule of the bucket can remove what no worker had time to remove.
    const sideObjects = store.beside(`${prefix ? `${prefix}/` : ''}.unfinished/${key}/`);
    const start = (known: ObjectUploadState, ownership: ObjectOwnership) => {
      const beside = keeping === null ? null : { objects: sideObjects, ownership, keeping };
      const limits = { giveUpAfterMs, giveUpSettledAfterMs, checkLimitMs };
      return createObjectUpload(object, { location, ...limits, known, beside });
    };
    return { object, sideObjects, location, start };
  }

  /** Whether other machines can go on with this file, and may have done so. */
  function isShared(file: UnfinishedFile): boolean {
    return keeping !== null && stateIn(file).kept.isAny;
  }

  return spooledStorage(
    {
      kind: store.kind,
      start: (file) => {
        const opened = open(file);
        return opened.start(NOTHING_SENT, firstOwnership(opened));
      },
      resume: async (file, partPath, mark) => {
        const known = withMark(stateIn(file), mark);
        const opened = open(file);
        if (known.uploadId === null) await dropUnknown(opened.object).catch(() => {}); // the orphans' watch finds them
        return opened.start(known, await ownershipOf(opened, partPath));
      },
      isOutdated: async (file, partPath) => {
        if (!isShared(file)) return false;
        const opened = open(file);
        const { object, location } = opened;
        const signal = AbortSignal.timeout(ASK_LIMIT_MS);
        try {
          if ((await object.length(signal)) !== null)
            throw new RecordingError('storage_failed', `${location} is complete already`);
          return !(await (await ownershipOf(opened, partPath)).isOurs(signal));
        } catch (error) {
          if (error instanceof RecordingError) throw error;
          return false; // the upload asks again before it sends anything
        }
      },
      restore: async (file, partPath) => {
        if (!isShared(file)) return null;
        const opened = open(file);
        const { object, sideObjects } = opened;
        if ((await trying(object.length)) !== null) return null;
        const ownership = await takeForRestore(opened, partPath, trying);
        const { kept } = stateIn(file);
        const restored = await trying((signal) =>
          restoreSpool(sideObjects, partPath, kept, (id) => object.partsOf(id, signal), signal),
        );
        if (restored === null) return null;
        await dropUnknown(object, restored.uploadId).catch(() => {}); // the orphans' watch finds them
        return opened.start(restored, ownership);
      },
      stored: async (file) => {
        const { object, sideObjects, location } = open(file);
        const signal = AbortSignal.timeout(LIST_LIMIT_MS);
        const sizeBytes = await object.length(signal);
        if (sizeBytes === null) return null;
        if (isShared(file)) await sideObjects.removeAll(signal).catch(() => {}); // its worker had no time to do so
        return { location, sizeBytes };
      },
    },
    folders,
  );
}

function keepingOf(durability: Durability, partTailMs: number): Keeping | null {
  if (durability === 'none') return null;
  if (durability === 'part') return { tailEveryMs: partTailMs, isAskedFor: false };
  return { tailEveryMs: MACHINE_TAIL_MS, isAskedFor: true };
}

/** Nobody else may write this object, so uploads of it that the manifest does not know are of no use. */
async function dropUnknown(object: PartedObject, known: string | null = null): Promise<void> {
  const signal = AbortSignal.timeout(LIST_LIMIT_MS);
  for (const uploadId of await object.begun(signal))
    if (uploadId !== known) await object.drop(uploadId, signal);
}

function trying<T>(send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const tries = createRetrier((error) => isHopeless(error) || isDenied(error));
  tries.giveUpAfter(RESTORE_LIMIT_MS);
  return tries.run(send);
}

function stateIn(file: UnfinishedFile): ObjectUploadState {
  const { uploadId = null, parts = [], kept = NOTHING_KEPT } = file as unknown as Partial<ObjectUploadState>;
  return uploadId === null ? { ...NOTHING_SENT, kept } : { uploadId, parts, kept };
}

/** A manifest may be older than the mark, and may then know of parts that do not belong to what was restored. */
function withMark(known: ObjectUploadState, mark: SentMark | null): ObjectUploadState {
  if (mark === null) return known;
  const marked = mark.upload as unknown as ObjectUploadState;
  return known.kept.generation > marked.kept.generation ? known : marked;
}
