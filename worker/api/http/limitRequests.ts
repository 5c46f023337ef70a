import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError } from '../apiError.ts';
import type { Principal } from '../auth/principal.ts';
import type { ApiContext } from './context.ts';

const WINDOW_S = 60;
/** Requests that are refused for what they carry are counted by the address they come from, and more strictly. */
const REFUSED_SHARE = 0.2;

/** People's pages ask for one each second: they must not use up what the call platform with the same key needs. */
const PICTURE = /^\/api\/v1\/recordings\/[^/]+\/picture$/;

/** Counts requests. All servers count together, in Redis; each counts for itself while Redis does not answer. */
export interface RequestLimits {
  /**
   * Counts a request of a client, and tells it in the headers what is left; pictures count apart from all others. Throws
   * too_many_requests.
   */
  count(c: ApiContext, who: Principal): Promise<void>;
  /** Counts a request that was refused because of its key or token. Throws too_many_requests. */
  countRefused(c: ApiContext, address: string): Promise<void>;
}

export function limitRequests(
  redis: Redis,
  { queueName, requestsPerMinute }: { queueName: string; requestsPerMinute: number },
): RequestLimits {
  const limiterOf = (name: string, points: number) => {
    const options = { points, duration: WINDOW_S, keyPrefix: `call-compositor:${queueName}:api-${name}` };
    return new RateLimiterRedis({
      ...options,
      storeClient: redis,
      insuranceLimiter: new RateLimiterMemory(options),
    });
  };
  const clients = limiterOf('requests', requestsPerMinute);
  const refused = limiterOf('refused', Math.max(1, Math.round(requestsPerMinute * REFUSED_SHARE)));
  return {
    count: (c, { apiKey, kind, userId }) => {
      const client = [apiKey, kind, userId];
      return consume(clients, c, JSON.stringify(isForPicture(c) ? [...client, 'picture'] : client));
    },
    countRefused: (c, address) => consume(refused, c, address),
  };
}

function isForPicture({ req }: ApiContext): boolean {
  return req.method === 'GET' && PICTURE.test(req.path);
}

async function consume(limiter: RateLimiterRedis, c: ApiContext, key: string): Promise<void> {
  try {
    tell(c, limiter, await limiter.consume(key));
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    tell(c, limiter, error);
    const waitS = Math.max(1, Math.ceil(error.msBeforeNext / 1000));
    c.header('retry-after', String(waitS));
    throw new ApiError(
      'too_many_requests',
      `more than ${limiter.points} requests in a minute; try again in ${waitS} s`,
    );
  }
}

function tell(
  c: ApiContext,
  { points }: RateLimiterRedis,
  { remainingPoints, msBeforeNext }: RateLimiterRes,
): void {
  c.header('x-ratelimit-limit', String(points));
  c.header('x-ratelimit-remaining', String(Math.max(0, remainingPoints)));
  c.header('x-ratelimit-reset', String(Math.ceil((Date.now() + msBeforeNext) / 1000)));
}
