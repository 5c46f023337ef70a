import { S3Client } from '@aws-sdk/client-s3';
import type { S3StorageTarget } from '../../../shared/storages/storageTarget.ts';
import type { GuardedAgents } from '../../egress/guardedAgents.ts';
import { RecordingError } from '../../recordingError.ts';
import type { SentMark } from '../sentMark.ts';
import { type SpoolFolders, spooledStorage } from '../spooledStorage.ts';
import type { NewFile, Storage, UnfinishedFile } from '../storage.ts';
import type { Keeping } from './createKeeper.ts';
import { createRetrier } from './createRetrier.ts';
import { encryptObjects } from './encryptObjects.ts';
import { NOTHING_KEPT } from './keptState.ts';
import { ownCredentials, renewCredentials } from './ownCredentials.ts';
import { restoreSpool } from './restoreSpool.ts';
import { isDenied, isHopeless } from './s3Errors.ts';
import { type S3Object, s3Object } from './s3Object.ts';
import { firstOwnership, ownershipOf, type S3Ownership, takeForRestore } from './s3Ownership.ts';
import { s3SideObjects } from './s3SideObjects.ts';
import { createS3Upload, type S3UploadState } from './s3Upload.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const CHECK_LIMIT_MS = 20_000;
const CONNECT_LIMIT_MS = 10_000;
/** The system may have taken some MiB that a slow line has not carried yet, and this looks idle. */
const IDLE_LIMIT_MS = 120_000;
const LIST_LIMIT_MS = 10_000;
/** With half a second until a fragment is complete, less than 2 s are lost. */
const MACHINE_TAIL_MS = 700;
/** A part of a file with little in it takes many minutes, so no more than about a minute is lost of such a file. */
const PART_TAIL_MS = 60_000;

/** How long it is tried to read what another machine has kept in the bucket. */
const RESTORE_LIMIT_MS = 30_000;
/** For so long a recording that goes on waits to hear whether its file is out of date. */
const ASK_LIMIT_MS = 3_000;

const NOTHING_SENT: S3UploadState = { uploadId: null, parts: [], kept: NOTHING_KEPT };

export interface S3Limits {
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

/** Stores recordings in a bucket of AWS S3 or of a server that speaks its protocol. */
export function s3Storage(
  target: S3StorageTarget,
  folders: SpoolFolders,
  {
    giveUpAfterMs = DAY_MS,
    giveUpSettledAfterMs = DAY_MS,
    checkLimitMs = CHECK_LIMIT_MS,
    idleLimitMs = IDLE_LIMIT_MS,
    partTailMs = PART_TAIL_MS,
    agents = null,
  }: S3Limits = {},
): Storage {
  const client = createClient(target, idleLimitMs, agents);
  const { bucket, prefix } = target;
  const keeping = keepingOf(target.durability, partTailMs);

  function open({ key, mediaType }: NewFile) {
    const objectKey = prefix ? `${prefix}/${key}` : key;
    const location = `s3://${bucket}/${objectKey}`;
    const object = s3Object(client, { bucket, key: objectKey, mediaType });
    // Below one prefix, so that a rule of the bucket can remove what no worker had time to remove.
    const sideObjects = s3SideObjects(client, bucket, `${prefix ? `${prefix}/` : ''}.unfinished/${key}/`);
    const start = (known: S3UploadState, ownership: S3Ownership) => {
      const beside = keeping === null ? null : { objects: sideObjects, ownership, keeping };
      const limits = { giveUpAfterMs, giveUpSettledAfterMs, checkLimitMs };
      return createS3Upload(object, { location, ...limits, known, beside });
    };
    return { object, sideObjects, location, start };
  }

  /** Whether other machines can go on with this file, and may have done so. */
  function isShared(file: UnfinishedFile): boolean {
    return keeping !== null && stateIn(file).kept.isAny;
  }

  return spooledStorage(
    {
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

function keepingOf(durability: S3StorageTarget['durability'], partTailMs: number): Keeping | null {
  if (durability === 'none') return null;
  if (durability === 'part') return { tailEveryMs: partTailMs, isAskedFor: false };
  return { tailEveryMs: MACHINE_TAIL_MS, isAskedFor: true };
}

/** Nobody else may write this object, so uploads of it that the manifest does not know are of no use. */
async function dropUnknown(object: S3Object, known: string | null = null): Promise<void> {
  const signal = AbortSignal.timeout(LIST_LIMIT_MS);
  for (const uploadId of await object.begun(signal))
    if (uploadId !== known) await object.drop(uploadId, signal);
}

function trying<T>(send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const tries = createRetrier((error) => isHopeless(error) || isDenied(error));
  tries.giveUpAfter(RESTORE_LIMIT_MS);
  return tries.run(send);
}

function stateIn(file: UnfinishedFile): S3UploadState {
  const { uploadId = null, parts = [], kept = NOTHING_KEPT } = file as unknown as Partial<S3UploadState>;
  return uploadId === null ? { ...NOTHING_SENT, kept } : { uploadId, parts, kept };
}

/** A manifest may be older than the mark, and may then know of parts that do not belong to what was restored. */
function withMark(known: S3UploadState, mark: SentMark | null): S3UploadState {
  if (mark === null) return known;
  const marked = mark.upload as unknown as S3UploadState;
  return known.kept.generation > marked.kept.generation ? known : marked;
}

function createClient(target: S3StorageTarget, idleLimitMs: number, agents: GuardedAgents | null): S3Client {
  const { accessKeyId, secretAccessKey, sessionToken } = target;
  const client = new S3Client({
    region: target.region,
    maxAttempts: 1, // what fails is tried again by the upload
    requestHandler: {
      connectionTimeout: CONNECT_LIMIT_MS,
      ...(agents ?? {}),
      socketTimeout: idleLimitMs, // not requestTimeout, which would limit how slow a line may be
    },
    forcePathStyle: target.forcePathStyle,
    ...(target.endpoint === null ? {} : { endpoint: target.endpoint }),
    ...(accessKeyId === null || secretAccessKey === null
      ? { credentials: ownCredentials }
      : {
          credentials: {
            accessKeyId,
            secretAccessKey,
            ...(sessionToken === null ? {} : { sessionToken }),
          },
        }),
  });
  if (accessKeyId === null) renewCredentials(client);
  encryptObjects(client, target.encryption);
  return client;
}
