import type { Redis } from 'ioredis';
import type { Seats } from '../job/takenJob.ts';
import { type LimitsOfTenants, limitsFor } from '../tenantLimits.ts';
import { FIRST_IN_LINE, STAND_IN_LINE, TAKE_SEAT } from './tenantScripts.ts';

/**
 * Counts for each tenant the recordings that run at once, in Redis, over all workers of a queue. A job of a tenant that has
 * no minutes left needs no seat, because it fails at once.
 */
export function tenantSeats(
  redis: Redis,
  queueName: string,
  limits: LimitsOfTenants | null,
  hasNoMinutes: (tenant: string | null) => Promise<boolean>,
): Seats {
  const prefix = `call-compositor:${queueName}`;
  const seatsOf = (tenant: string) => `${prefix}:seats:${tenant}`;
  const lineOf = (tenant: string) => `${prefix}:line:${tenant}`;
  const lines = `${prefix}:lines`;
  const keysOf = (tenant: string) => [`${prefix}:leases`, seatsOf(tenant), lineOf(tenant), lines];
  const run = (script: string, tenant: string, ...args: (string | number)[]) =>
    redis.eval(script, 4, ...keysOf(tenant), ...args);
  const mostOf = (tenant: string | null) => limitsFor(tenant, limits).recordingsAtOnce;

  async function firstOf(tenant: string): Promise<string | null> {
    const most = mostOf(tenant) ?? Number.MAX_SAFE_INTEGER;
    return (await run(FIRST_IN_LINE, tenant, most, tenant)) as string | null;
  }

  const leave: Seats['leave'] = async (id, tenant) => {
    if (tenant !== null) await redis.multi().srem(seatsOf(tenant), id).zrem(lineOf(tenant), id).exec();
  };

  return {
    leave,
    take: async (id, tenant) => {
      const most = mostOf(tenant);
      if (tenant !== null && most !== null && !(await hasNoMinutes(tenant)))
        return (await run(TAKE_SEAT, tenant, id, most)) === 1;
      await leave(id, tenant); // it may have begun to wait when it needed one
      return true;
    },
    keep: async (id, tenant) => {
      if (tenant !== null && mostOf(tenant) !== null) await redis.sadd(seatsOf(tenant), id);
    },
    standInLine: async (id, tenant) => {
      if (tenant !== null) await run(STAND_IN_LINE, tenant, id, tenant);
    },
    firstInLine: async () => {
      const tenants = await redis.smembers(lines);
      const first = await Promise.all(tenants.map(async (tenant) => ({ tenant, id: await firstOf(tenant) })));
      return first.flatMap(({ tenant, id }) => (id === null ? [] : { tenant, id }));
    },
  };
}
