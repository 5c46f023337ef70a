import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { findProgram } from './findProgram.ts';
import { freePort } from './freePort.ts';
import { type RunningServer, startServer } from './startServer.ts';

const path = findProgram('versitygw');

/** The server knows these keys as well, for everything. */
export const OTHER_KEYS = { accessKeyId: 'other-key', secretAccessKey: 'another-secret-of-no-worth' };

/** Why `startS3` cannot work here, or null. */
export const s3Missing = path ? null : 'versitygw is not built (node test/peers/installPeers.mjs builds it)';

type S3Access = {
  endpoint: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
};

export type S3 = RunningServer &
  S3Access & {
    client: S3Client;
    createBucket(bucket: string): Promise<void>;
    /** An address to which anyone can PUT this object for that long, in seconds; through another endpoint if one is given. */
    presignPut(bucket: string, key: string, expiresIn: number, endpoint?: string): Promise<string>;
    /** The path of an object's bytes on disk once it is complete. */
    objectPath(bucket: string, key: string): string;
  };

/** Starts an S3 server on loopback that keeps each object as a plain file. Use path-style addresses. */
export async function startS3(): Promise<S3> {
  if (!path) throw new Error(`S3 cannot be started: ${s3Missing}`);
  const port = await freePort();
  const access: S3Access = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    accessKeyId: 'test-key',
    secretAccessKey: 'test-secret-of-no-worth',
  };
  const server = await startGateway(path, port, access);
  const client = connectClient(access);
  return {
    ...access,
    pid: server.pid,
    folderPath: server.folderPath,
    client,
    createBucket: async (bucket) => {
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
    },
    presignPut: (Bucket, Key, expiresIn, endpoint = access.endpoint) =>
      getSignedUrl(
        connectClient({ ...access, endpoint }, 'WHEN_REQUIRED'),
        new PutObjectCommand({ Bucket, Key }),
        {
          expiresIn,
        },
      ),
    objectPath: (bucket, key) => join(server.folderPath, 'buckets', bucket, key),
    stop: async () => {
      client.destroy();
      await server.stop();
    },
  };
}

function startGateway(path: string, port: number, keys: S3Access): Promise<RunningServer> {
  async function args(folderPath: string): Promise<string[]> {
    const [bucketsPath, metadataPath] = [join(folderPath, 'buckets'), join(folderPath, 'metadata')];
    const usersPath = join(folderPath, 'users');
    await Promise.all([bucketsPath, metadataPath, usersPath].map((path) => mkdir(path)));
    await writeFile(join(usersPath, 'users.json'), JSON.stringify(usersWith(OTHER_KEYS)));
    // --sidecar keeps metadata in files, because a temporary folder may not support extended attributes.
    const where = ['posix', '--sidecar', metadataPath, bucketsPath];
    return ['--port', `127.0.0.1:${port}`, '--quiet', '--iam-dir', usersPath, ...where];
  }
  const env = { ROOT_ACCESS_KEY_ID: keys.accessKeyId, ROOT_SECRET_ACCESS_KEY: keys.secretAccessKey };
  return startServer({ name: 'versitygw', path, args, env, port });
}

/** What the server's list of users holds, in a file. */
function usersWith({ accessKeyId: access, secretAccessKey: secret }: typeof OTHER_KEYS) {
  return { accessAccounts: { [access]: { access, secret, role: 'admin', userID: 0, groupID: 0 } } };
}

function connectClient(
  { endpoint, region, accessKeyId, secretAccessKey }: S3Access,
  requestChecksumCalculation: 'WHEN_SUPPORTED' | 'WHEN_REQUIRED' = 'WHEN_SUPPORTED',
): S3Client {
  return new S3Client({
    requestChecksumCalculation,
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
  });
}
