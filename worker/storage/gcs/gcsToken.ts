import { SignJWT } from 'jose';
import type { GuardedAgents } from '../../egress/guardedAgents.ts';
import { askForToken } from '../objects/askForToken.ts';
import type { Token } from '../objects/keepToken.ts';
import type { ServiceAccount } from './serviceAccount.ts';

/** To read and write objects, and not to change who may. https://cloud.google.com/storage/docs/oauth-scopes */
const SCOPE = 'https://www.googleapis.com/auth/devstorage.read_write';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/**
 * Gets a token for a service account, by an assertion that its key signs.
 * https://developers.google.com/identity/protocols/oauth2/service-account#httprest
 */
export async function gcsToken(
  { email, keyId, key, tokenUri }: ServiceAccount,
  agents: GuardedAgents | null,
  signal: AbortSignal,
): Promise<Token> {
  const assertion = await new SignJWT({ scope: SCOPE })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(keyId === null ? {} : { kid: keyId }) })
    .setIssuer(email)
    .setAudience(tokenUri)
    .setIssuedAt()
    .setExpirationTime('1h') // the longest that Google takes
    .sign(key);
  return askForToken({ grant_type: GRANT, assertion }, { url: tokenUri, agents, signal });
}
