import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import type { S3StorageTarget } from '../../shared/storages/storageTarget.ts';
import { messageOf, RecordingError } from '../recordingError.ts';
import { localStorage } from './localStorage.ts';
import { createS3Upload, type S3Upload } from './s3Upload.ts';
import type { Sink, Storage, StoredFile } from './storage.ts';

/** Tries per request, with the SDK's exponential backoff (up to 20 s between tries). */
const ATTEMPTS = 8;

/**
 * Stores recordings in a bucket. Bytes go to a local file first and parts follow to the bucket while the
 * recording runs, so a slow bucket costs disk and not memory, and stopping uploads one part whatever the length.
 * What cannot be uploaded is kept in `rescueFolder`.
 */
export function s3Storage(target: S3StorageTarget, folders: { spool: string; rescue: string }): Storage {
  const client = createClient(target);
  return {
    open: async (file) => {
      const objectName = target.prefix ? `${target.prefix}/${file.key}` : file.key;
      const upload = createS3Upload(client, {
        bucket: target.bucket,
        key: objectName,
        mediaType: file.mediaType,
      });
      await upload.check();
      const spooled = await localStorage(folders.spool).open(file);
      return uploadingSink(spooled, upload, join(folders.spool, file.key), join(folders.rescue, file.key));
    },
  };
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

function uploadingSink(spooled: Sink, upload: S3Upload, path: string, rescuePath: string): Sink {
  return {
    write: async (bytes, position) => {
      await spooled.write(bytes, position);
      upload.follow(`${path}.part`, spooled.sizeBytes());
    },
    sizeBytes: spooled.sizeBytes,
    finish: async (): Promise<StoredFile> => {
      await upload.settle();
      const file = await spooled.finish();
      try {
        await upload.finish(path, file.sizeBytes);
      } catch (error) {
        await upload.abort().catch(() => {});
        await mkdir(dirname(rescuePath), { recursive: true });
        await rename(path, rescuePath);
        throw new RecordingError(
          'storage_failed',
          `${messageOf(error)}; the whole recording is kept at ${rescuePath}`,
          { cause: error },
        );
      }
      await rm(path);
      return { location: upload.location, sizeBytes: file.sizeBytes };
    },
    abort: async () => {
      await spooled.abort();
      await upload.abort();
    },
  };
}
