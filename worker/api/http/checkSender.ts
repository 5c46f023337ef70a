import { getConnInfo } from '@hono/node-server/conninfo';
import type { MiddlewareHandler } from 'hono';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { authenticate } from '../auth/authenticate.ts';
import type { Principal } from '../auth/principal.ts';
import type { ApiContext, ApiEnv } from './context.ts';
import type { RequestLimits } from './limitRequests.ts';

/** Says who sends a request by its `api_key` and its token, and counts it. */
export function checkSender({ config, nowUnixMs }: Api, limits: RequestLimits): MiddlewareHandler<ApiEnv> {
  return checkSenderBy(limits, (c) => {
    const given = {
      apiKey: c.req.query('api_key'),
      authorization: c.req.header('authorization'),
      authType: c.req.header('stream-auth-type'),
    };
    return authenticate(given, config, new Date(nowUnixMs()));
  });
}

/**
 * Says who sends a request, and counts it. `identify` throws an ApiError where that is unknown, and the request is then
 * counted by its address. Throws an ApiError for too many requests, too.
 */
export function checkSenderBy(
  limits: RequestLimits,
  identify: (c: ApiContext) => Promise<Principal>,
): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    try {
      c.set('who', await identify(c));
    } catch (error) {
      if (error instanceof ApiError) await limits.countRefused(c, addressOf(c));
      throw error;
    }
    await limits.count(c, c.get('who'));
    await next();
  };
}

/** The address that a request comes from; there is none where it comes over no connection. */
export function addressOf(c: ApiContext): string {
  try {
    return getConnInfo(c).remote.address ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
