import { S3Client } from '@aws-sdk/client-s3';
import type { S3StorageTarget } from '../../../shared/storages/storageTarget.ts';
import { type SpoolFolders, spooledStorage } from '../spooledStorage.ts';
import type { NewFile, Storage, UnfinishedFile } from '../storage.ts';
import type { Upload } from '../upload.ts';
import { s3Object } from './s3Object.ts';
import { createS3Upload, type S3UploadState } from './s3Upload.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const CHECK_LIMIT_MS = 20_000;
const CONNECT_LIMIT_MS = 10_000;
/** The system may have taken some MiB that a slow line has not carried yet, and this looks idle. */
const IDLE_LIMIT_MS = 120_000;
const LIST_LIMIT_MS = 10_000;

const NOTHING_SENT: S3UploadState = { uploadId: null, parts: [] };

export interface S3Limits {
  /** How long it is tried, after the end of a recording, to deliver it. */
  readonly giveUpAfterMs?: number;
  /** How long a store may take to say that an object can be written, before it is recorded. */
  readonly checkLimitMs?: number;
  /** For how long nothing may move on a connection before what was sent over it is sent again. */
  readonly idleLimitMs?: number;
}

/** Stores recordings in a bucket of AWS S3 or of a server that speaks its protocol. */
export function s3Storage(
  target: S3StorageTarget,
  folders: SpoolFolders,
  { giveUpAfterMs = DAY_MS, checkLimitMs = CHECK_LIMIT_MS, idleLimitMs = IDLE_LIMIT_MS }: S3Limits = {},
): Storage {
  const client = createClient(target, idleLimitMs);
  const { bucket, prefix } = target;

  function objectOf({ key, mediaType }: NewFile) {
    const objectKey = prefix ? `${prefix}/${key}` : key;
    const object = s3Object(client, { bucket, key: objectKey, mediaType });
    return { object, location: `s3://${bucket}/${objectKey}` };
  }

  function startUpload(file: NewFile, known: S3UploadState): Upload {
    const { object, location } = objectOf(file);
    return createS3Upload(object, { location, giveUpAfterMs, checkLimitMs, known });
  }

  /** Nobody else may write this object, so uploads of it that the manifest does not know are of no use. */
  async function dropUnknown(file: NewFile): Promise<void> {
    const { object } = objectOf(file);
    const signal = AbortSignal.timeout(LIST_LIMIT_MS);
    for (const uploadId of await object.begun(signal)) await object.drop(uploadId, signal);
  }

  return spooledStorage(
    {
      start: (file) => startUpload(file, NOTHING_SENT),
      resume: async (file) => {
        const known = stateIn(file);
        if (known.uploadId === null) await dropUnknown(file).catch(() => {}); // the orphans' watch finds them
        return startUpload(file, known);
      },
      stored: async (file) => {
        const { object, location } = objectOf(file);
        const sizeBytes = await object.length(AbortSignal.timeout(LIST_LIMIT_MS));
        return sizeBytes === null ? null : { location, sizeBytes };
      },
    },
    folders,
  );
}

function stateIn({ uploadId, parts }: UnfinishedFile): S3UploadState {
  if (typeof uploadId !== 'string' || !Array.isArray(parts)) return NOTHING_SENT;
  return { uploadId, parts: parts as unknown as S3UploadState['parts'] };
}

function createClient(target: S3StorageTarget, idleLimitMs: number): S3Client {
  const { accessKeyId, secretAccessKey, sessionToken } = target;
  return new S3Client({
    region: target.region,
    maxAttempts: 1, // what fails is tried again by the upload
    requestHandler: {
      connectionTimeout: CONNECT_LIMIT_MS,
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
}
