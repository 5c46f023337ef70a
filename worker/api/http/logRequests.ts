import type { MiddlewareHandler } from 'hono';
import type { Logger } from '../../log.ts';
import type { ApiEnv } from './context.ts';

/** Logs what was asked for and how it was answered. The query and the headers hold keys and tokens, and stay out. */
export function logRequests(log: Logger): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    c.set('arrivedAtMs', performance.now());
    await next();
    const tookMs = Math.round(performance.now() - c.get('arrivedAtMs'));
    const { method, path } = c.req;
    log.info({ method, path, status: c.res.status, tookMs, tenant: c.get('who')?.tenant }, 'request');
  };
}
