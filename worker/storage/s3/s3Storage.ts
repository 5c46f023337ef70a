import { S3Client } from '@aws-sdk/client-s3';
import type { S3StorageTarget } from '../../../shared/storages/storageTarget.ts';
import { type SpoolFolders, spooledStorage } from '../spooledStorage.ts';
import type { Storage } from '../storage.ts';
import { createS3Upload } from './s3Upload.ts';

/** Tries per request, with the SDK's exponential backoff (up to 20 s between tries). */
const ATTEMPTS = 8;

/** Stores recordings in a bucket of AWS S3 or of a server that speaks its protocol. */
export function s3Storage(target: S3StorageTarget, folders: SpoolFolders): Storage {
  const client = createClient(target);
  const { bucket, prefix } = target;
  return spooledStorage(
    ({ key, mediaType }) =>
      createS3Upload(client, { bucket, key: prefix ? `${prefix}/${key}` : key, mediaType }),
    folders,
  );
}

function createClient(target: S3StorageTarget): S3Client {
  const { accessKeyId, secretAccessKey, sessionToken } = target;
  return new S3Client({
    region: target.region,
    maxAttempts: ATTEMPTS,
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
