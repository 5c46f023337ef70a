import type { AzureStorageTarget } from '../../../shared/storages/storageTarget.ts';
import type { GuardedAgents } from '../../egress/guardedAgents.ts';
import { askForToken } from '../objects/askForToken.ts';
import type { Token } from '../objects/keepToken.ts';

/** Azure's public cloud. Others name theirs in `authority`. */
const AUTHORITY = 'https://login.microsoftonline.com';
const SCOPE = 'https://storage.azure.com/.default';

/**
 * Gets a token for an application, by its secret.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export function azureToken(
  { tenantId, clientId, clientSecret, authority }: AzureStorageTarget,
  agents: GuardedAgents | null,
  signal: AbortSignal,
): Promise<Token> {
  const form = { grant_type: 'client_credentials', scope: SCOPE };
  const url = `${(authority ?? AUTHORITY).replace(/\/$/, '')}/${tenantId}/oauth2/v2.0/token`;
  return askForToken(
    { ...form, client_id: clientId ?? '', client_secret: clientSecret ?? '' },
    { url, agents: authority === null ? null : agents, signal },
  );
}
