import type { MiddlewareHandler } from 'hono';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { isSameText } from '../auth/isSameText.ts';
import { ownerOfKey } from '../auth/ownerOfKey.ts';
import { serverWith } from '../auth/principal.ts';
import { checkSenderBy } from '../http/checkSender.ts';
import type { ApiEnv } from '../http/context.ts';
import type { RequestLimits } from '../http/limitRequests.ts';

/**
 * Says who sends a request by HTTP's basic authentication: an API key and its secret. The account in the path must be an
 * API key of the same tenant. Throws an ApiError.
 */
export function checkAccount({ config }: Api, limits: RequestLimits): MiddlewareHandler<ApiEnv> {
  return checkSenderBy(limits, async (c) => {
    const [, encoded = ''] = /^Basic\s+(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
    const [, apiKey = '', secret = ''] =
      /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
    const owner = ownerOfKey(config.tenants, apiKey);
    if (owner === null) throw new ApiError('bad_key', 'the API key is not known here');
    if (!isSameText(owner.secret, secret))
      throw new ApiError('bad_key', 'the secret is not that of the API key');
    if (ownerOfKey(config.tenants, c.req.param('account') ?? '')?.tenant !== owner.tenant)
      throw new ApiError('not_found', 'there is no such account');
    return serverWith(owner.tenant, apiKey);
  });
}
