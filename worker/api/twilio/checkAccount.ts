import { timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { addressOf } from '../http/checkSender.ts';
import type { ApiEnv } from '../http/context.ts';
import type { RequestLimits } from '../http/limitRequests.ts';

/**
 * Says who sends a request by HTTP's basic authentication: an API key and its secret. The account in the path must be an
 * API key of the same tenant. Throws an ApiError.
 */
export function checkAccount({ config }: Api, limits: RequestLimits): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    try {
      const [, encoded = ''] = /^Basic\s+(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
      const [, apiKey = '', secret = ''] =
        /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
      const tenants = Object.entries(config.tenants);
      const [tenant, { api_keys: keys }] =
        tenants.find(([, one]) => Object.hasOwn(one.api_keys, apiKey)) ??
        refuse('the API key is not known here');
      if (!isSame(keys[apiKey] as string, secret)) refuse('the secret is not that of the API key');
      if (!Object.hasOwn(keys, c.req.param('account') ?? ''))
        throw new ApiError('not_found', 'there is no such account');
      c.set('who', { tenant, apiKey, kind: 'server', userId: null, role: null, calls: null });
    } catch (error) {
      await limits.countRefused(c, addressOf(c));
      throw error;
    }
    await limits.count(c, c.get('who'));
    await next();
  };
}

function refuse(message: string): never {
  throw new ApiError('bad_key', message);
}

function isSame(ours: string, given: string): boolean {
  const [one, other] = [Buffer.from(ours), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}
