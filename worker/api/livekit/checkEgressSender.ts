import type { MiddlewareHandler } from 'hono';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { verifyToken } from '../auth/authenticate.ts';
import { ownerOfKey } from '../auth/ownerOfKey.ts';
import { serverWith } from '../auth/principal.ts';
import { tokenIn, unverifiedClaim } from '../auth/readToken.ts';
import { checkSenderBy } from '../http/checkSender.ts';
import type { ApiEnv } from '../http/context.ts';
import type { RequestLimits } from '../http/limitRequests.ts';

const NO_JWT = 'the token cannot be read: it must be a JWT signed with HS256';

/**
 * Says who sends a request to LiveKit's service: its token names the API key as its issuer, is signed with the secret
 * of that key, and must be granted `roomRecord`. Throws an ApiError.
 */
export function checkEgressSender(
  { config, nowUnixMs }: Api,
  limits: RequestLimits,
): MiddlewareHandler<ApiEnv> {
  return checkSenderBy(limits, async (c) => {
    const token = tokenIn(c.req.header('authorization'));
    if (!token) throw new ApiError('bad_token', 'the header Authorization is missing: it must hold a token');
    const apiKey = String(unverifiedClaim(token, 'iss', NO_JWT) ?? '');
    const owner = ownerOfKey(config.tenants, apiKey);
    if (owner === null)
      throw new ApiError('bad_key', 'the issuer of the token (iss) is no API key that is known here');
    const now = new Date(nowUnixMs());
    const claims = await verifyToken(token, owner.secret, config.clock_leeway_s, now);
    const { roomRecord } = (claims.video ?? {}) as { roomRecord?: unknown };
    if (roomRecord !== true) throw new ApiError('not_allowed', 'the token has no grant roomRecord');
    return serverWith(owner.tenant, apiKey);
  });
}
