import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { GcsStorageTarget } from '../../../shared/storages/storageTarget.ts';
import type { GuardedAgents } from '../../egress/guardedAgents.ts';
import { keyIn } from '../objects/keyIn.ts';
import { statusOf } from '../objects/storeErrors.ts';
import { gcsClient, serverOf } from './gcsClient.ts';
import { openServiceAccount } from './serviceAccount.ts';
import { signUrl } from './signUrl.ts';

const LIMIT_MS = 20_000;

/** An address from which anyone can read an object for that long. `location` is as a result tells it: `gs://…`. */
export async function presignObject(
  target: GcsStorageTarget,
  location: string,
  expiresS: number,
): Promise<string> {
  const { bucket, credentials } = target;
  const name = keyIn(`gs://${bucket}/`, location);
  return signUrl(openServiceAccount(credentials), { server: serverOf(target), bucket, name }, expiresS);
}

/** Removes an object; one that is not there is removed already. Throws what the store says. */
export async function removeObject(
  target: GcsStorageTarget,
  location: string,
  agents: GuardedAgents | null,
): Promise<void> {
  const { bucket } = target;
  const command = new DeleteObjectCommand({ Bucket: bucket, Key: keyIn(`gs://${bucket}/`, location) });
  const abortSignal = AbortSignal.timeout(LIMIT_MS);
  try {
    await gcsClient(target, LIMIT_MS, agents).send(command, { abortSignal });
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}

/** Writes a small text into the bucket, and resolves to its location. Throws what the store says. */
export async function probeBucket(
  target: GcsStorageTarget,
  name: string,
  text: string,
  agents: GuardedAgents | null,
): Promise<string> {
  const { bucket, prefix } = target;
  const key = prefix ? `${prefix}/${name}` : name;
  const object = { Bucket: bucket, Key: key, Body: Buffer.from(text), ContentType: 'text/markdown' };
  const abortSignal = AbortSignal.timeout(LIMIT_MS);
  await gcsClient(target, LIMIT_MS, agents).send(new PutObjectCommand(object), { abortSignal });
  return `gs://${bucket}/${key}`;
}
