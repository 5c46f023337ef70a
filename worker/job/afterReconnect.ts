import { setTimeout as wait } from 'node:timers/promises';
import type { Redis } from 'ioredis';

/** After Redis was away, it may have forgotten which jobs run, and hand them out again. */
export interface Reconnected {
  /** Resolves once Redis has been there for a while, and at once where it was never away. */
  settled(): Promise<void>;
  close(): void;
}

/** `settleMs`: owners of recordings write their leases again within this time. */
export function afterReconnect(redis: Redis, settleMs: number): Reconnected {
  let settledAtMs = 0;
  const away = () => {
    settledAtMs = Number.POSITIVE_INFINITY;
  };
  const back = () => {
    if (settledAtMs === Number.POSITIVE_INFINITY) settledAtMs = performance.now() + settleMs;
  };
  redis.on('close', away).on('ready', back);
  let isClosed = false;
  return {
    settled: async () => {
      while (!isClosed && performance.now() < settledAtMs) await wait(100);
    },
    close: () => {
      isClosed = true;
      redis.off('close', away).off('ready', back);
    },
  };
}
