import type { AzureStorageTarget } from '../../../shared/storages/storageTarget.ts';
import type { GuardedAgents } from '../../egress/guardedAgents.ts';
import { addressOf, azureClient } from './azureClient.ts';
import { removeBlob } from './azureFolder.ts';
import { signBlob } from './signBlob.ts';

const LIMIT_MS = 20_000;

/** An address at which anyone can do to a blob what the permissions say (`r`: read it) for that long. `location` is as a result tells it: `https://…`. */
export async function presignObject(
  target: AzureStorageTarget,
  location: string,
  expiresS: number,
  agents: GuardedAgents | null,
  permissions = 'r',
): Promise<string> {
  const send = azureClient(target, LIMIT_MS, agents);
  const given = { blob: blobIn(target, location), expiresS, permissions };
  return signBlob(target, given, send, AbortSignal.timeout(LIMIT_MS));
}

/** Removes a blob; one that is not there is removed already. Throws what the store says. */
export async function removeObject(
  target: AzureStorageTarget,
  location: string,
  agents: GuardedAgents | null,
): Promise<void> {
  const send = azureClient(target, LIMIT_MS, agents);
  await removeBlob(send, blobIn(target, location), AbortSignal.timeout(LIMIT_MS));
}

/** Writes a small text into the container, and resolves to its location. Throws what the store says. */
export async function probeBucket(
  target: AzureStorageTarget,
  name: string,
  text: string,
  agents: GuardedAgents | null,
): Promise<string> {
  const blob = target.prefix ? `${target.prefix}/${name}` : name;
  const headers = { 'x-ms-blob-type': 'BlockBlob', 'x-ms-blob-content-type': 'text/markdown' };
  const signal = AbortSignal.timeout(LIMIT_MS);
  await azureClient(
    target,
    LIMIT_MS,
    agents,
  )({ method: 'PUT', blob, headers, body: Buffer.from(text), signal });
  return addressOf(target, blob).href;
}

function blobIn(target: AzureStorageTarget, location: string): string {
  const start = `${addressOf(target, null).href}/`;
  if (location.startsWith(start)) return decodeURIComponent(location.slice(start.length));
  throw new Error(`the recording at ${location} is not in the container ${target.container}`);
}
