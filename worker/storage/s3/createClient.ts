import { S3Client } from '@aws-sdk/client-s3';
import type { S3StorageTarget } from '../../../shared/storages/storageTarget.ts';
import type { GuardedAgents } from '../../egress/guardedAgents.ts';
import { encryptObjects } from './encryptObjects.ts';
import { ownCredentials, renewCredentials } from './ownCredentials.ts';

const CONNECT_LIMIT_MS = 10_000;

/**
 * A client for the server of a bucket. Nothing may stand still on one of its connections for longer than `idleLimitMs`.
 * `agents` connect to it; null for the SDK's own.
 */
export function createClient(
  target: S3StorageTarget,
  idleLimitMs: number,
  agents: GuardedAgents | null,
): S3Client {
  const { accessKeyId, secretAccessKey, sessionToken } = target;
  const client = new S3Client({
    region: target.region,
    maxAttempts: 1, // what fails is tried again by the upload
    requestHandler: requestHandlerOf(idleLimitMs, agents),
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

/** How the SDK connects: nothing may stand still for longer than `idleLimitMs`. */
export function requestHandlerOf(idleLimitMs: number, agents: GuardedAgents | null) {
  return {
    connectionTimeout: CONNECT_LIMIT_MS,
    ...(agents ?? {}),
    socketTimeout: idleLimitMs, // not requestTimeout, which would limit how slow a line may be
  };
}
