import type { AzureStorageTarget } from '../../../shared/storages/storageTarget.ts';
import type { GuardedAgents } from '../../egress/guardedAgents.ts';
import { askStore, type StoreAnswer } from '../objects/askStore.ts';
import { keepToken } from '../objects/keepToken.ts';
import { statusOf } from '../objects/storeErrors.ts';
import { azureToken } from './azureToken.ts';
import { signRequest } from './signRequest.ts';

/** The version of the protocol that is spoken. Signatures depend on it. */
export const AZURE_VERSION = '2023-11-03';

export interface BlobRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** The name of a blob; without one the request is to the container, or to the account. */
  readonly blob?: string | null;
  readonly at?: 'container' | 'account';
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal: AbortSignal;
}

/** Sends requests to a container. They throw StoreError, with Azure's own code. */
export type AzureClient = (request: BlobRequest) => Promise<StoreAnswer>;

/** The address of a blob, or of the container. */
export function addressOf(target: AzureStorageTarget, blob: string | null): URL {
  const path = [target.container, ...(blob === null ? [] : blob.split('/'))];
  return new URL(path.map(encodeURIComponent).join('/'), accountOf(target));
}

function accountOf({ account, endpoint }: AzureStorageTarget): string {
  return `${(endpoint ?? `https://${account}.blob.core.windows.net`).replace(/\/$/, '')}/`;
}

/** `agents` connect to an endpoint or an authority that the target names; where Azure's own lead is the operator's choice. */
export function azureClient(
  target: AzureStorageTarget,
  idleLimitMs: number,
  agents: GuardedAgents | null,
): AzureClient {
  const tokens = keepToken((signal) => azureToken(target, agents, signal));

  async function authorization(
    method: string,
    url: URL,
    headers: Record<string, string>,
    signal: AbortSignal,
  ) {
    const { account, accountKey: key } = target;
    if (key === null) return `Bearer ${await tokens.current(signal)}`;
    return signRequest({ account, key }, method, url, headers);
  }

  return async ({ method, blob = null, at = 'container', query = {}, headers = {}, body, signal }) => {
    const url = at === 'account' ? new URL(accountOf(target)) : addressOf(target, blob);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const sent: Record<string, string> = {
      ...headers,
      'x-ms-version': AZURE_VERSION,
      'x-ms-date': new Date().toUTCString(),
      ...(body && body.byteLength > 0 ? { 'content-length': String(body.byteLength) } : {}),
    };
    sent.authorization = await authorization(method, url, sent, signal);
    const request = { url, method, headers: sent, ...(body ? { body } : {}), idleLimitMs, signal };
    try {
      return await askStore({ ...request, agents: target.endpoint === null ? null : agents });
    } catch (error) {
      if (statusOf(error) === 401) tokens.forget();
      throw error;
    }
  };
}
