import type { AzureStorageTarget } from '../../../shared/storages/storageTarget.ts';
import type { GuardedAgents } from '../../egress/guardedAgents.ts';
import { askStore } from '../objects/askStore.ts';
import type { Token } from '../objects/keepToken.ts';
import { StoreError } from '../objects/storeErrors.ts';

/** Azure's public cloud. Others name theirs in `authority`. */
const AUTHORITY = 'https://login.microsoftonline.com';
const SCOPE = 'https://storage.azure.com/.default';
const IDLE_LIMIT_MS = 20_000;

/**
 * Gets a token for an application, by its secret. A refusal counts as one of the store with 401: it may pass, because a
 * secret can be renewed.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export async function azureToken(
  { tenantId, clientId, clientSecret, authority }: AzureStorageTarget,
  agents: GuardedAgents | null,
  signal: AbortSignal,
): Promise<Token> {
  const form = { grant_type: 'client_credentials', scope: SCOPE };
  const body = new URLSearchParams({ ...form, client_id: clientId ?? '', client_secret: clientSecret ?? '' });
  const request = {
    url: `${(authority ?? AUTHORITY).replace(/\/$/, '')}/${tenantId}/oauth2/v2.0/token`,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(body.toString()),
    idleLimitMs: IDLE_LIMIT_MS,
    agents: authority === null ? null : agents,
    signal,
  };
  const { bytes } = await askStore(request).catch((error) => {
    if (!(error instanceof StoreError) || error.status >= 500) throw error;
    const { code, message } = error;
    throw new StoreError({ status: 401, code, message }, { cause: error });
  });
  const { access_token: text, expires_in: forS } = JSON.parse(bytes.toString('utf8'));
  return { text: String(text), expiresAtMs: Date.now() + Number(forS) * 1000 };
}
