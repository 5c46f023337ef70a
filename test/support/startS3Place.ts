import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import type { S3StorageTarget } from '../../shared/storages/storageTarget.ts';
import type { SpoolFolders } from '../../worker/storage/spooledStorage.ts';
import { type S3, startS3 } from './startS3.ts';

/** A bucket of a real S3 server, and the two folders on this machine for what is on its way there. */
export interface S3Place {
  readonly s3: S3;
  readonly folders: SpoolFolders;
  readonly target: S3StorageTarget;
  read(location: string): Promise<Buffer>;
  contents(): Promise<{ complete: string[]; unfinished: string[] }>;
  /** Drops every upload that is not complete, as a rule of the bucket may. */
  dropUploads(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the server. A test may give the target another endpoint or bucket. */
export async function startS3Place(): Promise<S3Place> {
  const root = await mkdtemp(join(tmpdir(), 'call-compositor-spool-'));
  const folders = { spool: join(root, '.uploading'), rescue: join(root, 'undelivered') };
  const s3 = await startS3();
  const Bucket = 'recordings';
  await s3.createBucket(Bucket);
  return {
    s3,
    folders,
    target: {
      kind: 's3',
      bucket: Bucket,
      region: s3.region,
      endpoint: s3.endpoint,
      prefix: '',
      accessKeyId: s3.accessKeyId,
      secretAccessKey: s3.secretAccessKey,
      sessionToken: null,
      forcePathStyle: true,
      encryption: null,
      durability: 'part',
    },
    read: (location) => readFile(s3.objectPath(Bucket, location.replace(`s3://${Bucket}/`, ''))),
    contents: async () => {
      const objects = await s3.client.send(new ListObjectsV2Command({ Bucket }));
      const uploads = await s3.client.send(new ListMultipartUploadsCommand({ Bucket }));
      const onDisk = [...(await namesIn(folders.spool)), ...(await namesIn(folders.rescue))];
      return {
        complete: (objects.Contents ?? []).map(({ Key }) => String(Key)).sort(),
        unfinished: [...(uploads.Uploads ?? []).map(({ Key }) => String(Key)), ...onDisk].sort(),
      };
    },
    dropUploads: async () => {
      const { Uploads = [] } = await s3.client.send(new ListMultipartUploadsCommand({ Bucket }));
      for (const { Key, UploadId } of Uploads)
        await s3.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    },
    close: async () => {
      await s3.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
