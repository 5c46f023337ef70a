import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { S3StorageTarget } from '../../../shared/storages/storageTarget.ts';
import type { GuardedAgents } from '../../egress/guardedAgents.ts';
import { keyIn } from '../objects/keyIn.ts';
import { createClient } from './createClient.ts';

const LIMIT_MS = 20_000;

/** An address from which anyone can read an object for that long. `location` is as a result tells it: `s3://…`. */
export async function presignObject(
  target: S3StorageTarget,
  location: string,
  expiresS: number,
): Promise<string> {
  const client = createClient(target, LIMIT_MS, null);
  const command = new GetObjectCommand({
    Bucket: target.bucket,
    Key: keyIn(`s3://${target.bucket}/`, location),
  });
  return getSignedUrl(client, command, { expiresIn: expiresS });
}

/** Removes an object; one that is not there is removed already. Throws what the store says. */
export async function removeObject(
  target: S3StorageTarget,
  location: string,
  agents: GuardedAgents | null,
): Promise<void> {
  const client = createClient(target, LIMIT_MS, agentsFor(target, agents));
  const command = new DeleteObjectCommand({
    Bucket: target.bucket,
    Key: keyIn(`s3://${target.bucket}/`, location),
  });
  await client.send(command, { abortSignal: AbortSignal.timeout(LIMIT_MS) });
}

/** Writes a small text into the bucket, and resolves to its location. Throws what the store says. */
export async function probeBucket(
  target: S3StorageTarget,
  name: string,
  text: string,
  agents: GuardedAgents | null,
): Promise<string> {
  const client = createClient(target, LIMIT_MS, agentsFor(target, agents));
  const key = target.prefix ? `${target.prefix}/${name}` : name;
  const object = { Bucket: target.bucket, Key: key, Body: text, ContentType: 'text/markdown' };
  const abortSignal = AbortSignal.timeout(LIMIT_MS);
  await client.send(new PutObjectCommand(object), { abortSignal });
  return `s3://${target.bucket}/${key}`;
}

/** Where AWS itself leads is the operator's choice. */
function agentsFor({ endpoint }: S3StorageTarget, agents: GuardedAgents | null): GuardedAgents | null {
  return endpoint === null ? null : agents;
}
