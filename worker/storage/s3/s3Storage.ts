import { randomUUID } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import type { S3StorageTarget } from '../../../shared/storages/storageTarget.ts';
import type { GuardedAgents } from '../../egress/guardedAgents.ts';
import type { SentMark } from '../sentMark.ts';
import { type SpoolFolders, spooledStorage } from '../spooledStorage.ts';
import type { NewFile, Storage, UnfinishedFile } from '../storage.ts';
import { NOTHING_KEPT } from './createKeeper.ts';
import { createRetrier } from './createRetrier.ts';
import { encryptObjects } from './encryptObjects.ts';
import { restoreSpool } from './restoreSpool.ts';
import { isHopeless } from './s3Errors.ts';
import { type S3Object, s3Object } from './s3Object.ts';
import { s3SideObjects } from './s3SideObjects.ts';
import { createS3Upload, type S3UploadState } from './s3Upload.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const CHECK_LIMIT_MS = 20_000;
const CONNECT_LIMIT_MS = 10_000;
/** The system may have taken some MiB that a slow line has not carried yet, and this looks idle. */
const IDLE_LIMIT_MS = 120_000;
const LIST_LIMIT_MS = 10_000;

/** How long it is tried to read what another machine has kept in the bucket. */
const RESTORE_LIMIT_MS = 30_000;

const NOTHING_SENT: S3UploadState = { uploadId: null, parts: [], kept: NOTHING_KEPT };

export interface S3Limits {
  /** How long it is tried, after the end of a recording, to deliver it. */
  readonly giveUpAfterMs?: number;
  /** How long a store may take to say that an object can be written, before it is recorded. */
  readonly checkLimitMs?: number;
  /** For how long nothing may move on a connection before what was sent over it is sent again. */
  readonly idleLimitMs?: number;
  /** What connects to the store; null or absent for the SDK's own. */
  readonly agents?: GuardedAgents | null;
}

/** Stores recordings in a bucket of AWS S3 or of a server that speaks its protocol. */
export function s3Storage(
  target: S3StorageTarget,
  folders: SpoolFolders,
  {
    giveUpAfterMs = DAY_MS,
    checkLimitMs = CHECK_LIMIT_MS,
    idleLimitMs = IDLE_LIMIT_MS,
    agents = null,
  }: S3Limits = {},
): Storage {
  const client = createClient(target, idleLimitMs, agents);
  const { bucket, prefix } = target;

  function open({ key, mediaType }: NewFile) {
    const objectKey = prefix ? `${prefix}/${key}` : key;
    const location = `s3://${bucket}/${objectKey}`;
    const object = s3Object(client, { bucket, key: objectKey, mediaType });
    const sideObjects = s3SideObjects(client, bucket, objectKey);
    const start = (known: S3UploadState, ownerToken: string | null) =>
      createS3Upload(object, {
        location,
        giveUpAfterMs,
        checkLimitMs,
        known,
        sideObjects,
        isDurable: target.durability === 'machine',
        ownerToken,
      });
    return { object, sideObjects, location, start };
  }

  /** From now on, no other process writes the object. */
  async function take({ sideObjects }: ReturnType<typeof open>): Promise<string> {
    const token = randomUUID();
    await trying((signal) => sideObjects.takeOwnership(token, signal));
    return token;
  }

  return spooledStorage(
    {
      start: (file) => open(file).start(NOTHING_SENT, null),
      resume: async (file, mark) => {
        const known = withMark(stateIn(file), mark);
        const opened = open(file);
        if (known.uploadId === null) await dropUnknown(opened.object).catch(() => {}); // the orphans' watch finds them
        return opened.start(known, known.kept.isAny ? await take(opened) : null);
      },
      restore: async (file, partPath) => {
        if (!stateIn(file).kept.isAny) return null;
        const opened = open(file);
        const { object, sideObjects } = opened;
        const token = await take(opened);
        const restored = await trying((signal) =>
          restoreSpool(sideObjects, partPath, (uploadId) => object.partsOf(uploadId, signal), signal),
        );
        return restored && opened.start(restored, token);
      },
      stored: async (file) => {
        const { object, sideObjects, location } = open(file);
        const signal = AbortSignal.timeout(LIST_LIMIT_MS);
        const sizeBytes = await object.length(signal);
        if (sizeBytes === null) return null;
        await sideObjects.removeAll(signal).catch(() => {}); // its worker had no time to do so
        return { location, sizeBytes };
      },
    },
    folders,
  );
}

/** Nobody else may write this object, so uploads of it that the manifest does not know are of no use. */
async function dropUnknown(object: S3Object): Promise<void> {
  const signal = AbortSignal.timeout(LIST_LIMIT_MS);
  for (const uploadId of await object.begun(signal)) await object.drop(uploadId, signal);
}

function trying<T>(send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const tries = createRetrier(isHopeless);
  tries.giveUpAfter(RESTORE_LIMIT_MS);
  return tries.run(send);
}

function stateIn(file: UnfinishedFile): S3UploadState {
  const { uploadId = null, parts = [], kept = NOTHING_KEPT } = file as unknown as Partial<S3UploadState>;
  return uploadId === null ? { ...NOTHING_SENT, kept } : { uploadId, parts, kept };
}

/** A manifest may be older than the mark, and then does not know all parts that this machine lacks. */
function withMark(known: S3UploadState, mark: SentMark | null): S3UploadState {
  if (mark === null) return known;
  const marked = mark.upload as unknown as S3UploadState;
  if (mark.settledBytes === 0 || known.kept.generation > marked.kept.generation) return known;
  const parts = known.uploadId === marked.uploadId ? known.parts : [];
  return { ...marked, parts: [...parts, ...marked.parts] };
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
      ? {}
      : {
          credentials: {
            accessKeyId,
            secretAccessKey,
            ...(sessionToken === null ? {} : { sessionToken }),
          },
        }),
  });
  encryptObjects(client, target.encryption);
  return client;
}
