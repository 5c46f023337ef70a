import type { MiddlewareHandler } from 'hono';
import { decodeJwt } from 'jose';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { verifyToken } from '../auth/authenticate.ts';
import { addressOf } from '../http/checkSender.ts';
import type { ApiEnv } from '../http/context.ts';
import type { RequestLimits } from '../http/limitRequests.ts';

/**
 * Says who sends a request to LiveKit's service: its token names the API key as its issuer, is signed with the secret
 * of that key, and must be granted `roomRecord`. Throws an ApiError.
 */
export function checkEgressSender(
  { config, nowUnixMs }: Api,
  limits: RequestLimits,
): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    try {
      const token = c.req
        .header('authorization')
        ?.replace(/^Bearer\s+/i, '')
        .trim();
      if (!token)
        throw new ApiError('bad_token', 'the header Authorization is missing: it must hold a token');
      const apiKey = issuerOf(token);
      const [tenant, secret] = secretOf(config.tenants, apiKey);
      const claims = await verifyToken(token, secret, config.clock_leeway_s, new Date(nowUnixMs()));
      const { roomRecord } = (claims.video ?? {}) as { roomRecord?: unknown };
      if (roomRecord !== true) throw new ApiError('not_allowed', 'the token has no grant roomRecord');
      c.set('who', { tenant, apiKey, kind: 'server', userId: null, role: null, calls: null });
    } catch (error) {
      if (error instanceof ApiError) await limits.countRefused(c, addressOf(c));
      throw error;
    }
    await limits.count(c, c.get('who'));
    await next();
  };
}

function issuerOf(token: string): string {
  try {
    return decodeJwt(token).iss ?? '';
  } catch {
    throw new ApiError('bad_token', 'the token cannot be read: it must be a JWT signed with HS256');
  }
}

function secretOf(
  tenants: Api['config']['tenants'],
  apiKey: string,
): readonly [tenant: string, secret: string] {
  for (const [tenant, { api_keys: keys }] of Object.entries(tenants))
    if (Object.hasOwn(keys, apiKey)) return [tenant, keys[apiKey] as string];
  throw new ApiError('bad_key', 'the issuer of the token (iss) is no API key that is known here');
}
