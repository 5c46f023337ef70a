import type { Redis } from 'ioredis';
import { RecordingError } from '../recordingError.ts';
import { type LimitsOfTenants, limitsFor } from '../tenantLimits.ts';
import { NOTE_SECONDS } from './tenantScripts.ts';

/** A month, and the longest recording that began in it. */
const KEPT_S = 35 * 24 * 60 * 60;

/** Counts for each tenant the minutes that it has recorded in a calendar month, over all workers of a queue. */
export interface TenantMinutes {
  /** Whether the tenant has no minutes left in the month of this instant. */
  areUsedUp(tenant: string | null, nowUnixMs: number): Promise<boolean>;
  /** Throws tenant_limit where that is so. */
  refuseIfUsedUp(tenant: string | null, nowUnixMs: number): Promise<void>;
  /**
   * Notes how long a recording is by now. Its minutes count in the month in which it began. Resolves to whether the tenant
   * has used up that month.
   */
  note(recording: {
    readonly id: string;
    readonly tenant: string | null;
    readonly startedAtUnixMs: number;
    readonly elapsedS: number;
  }): Promise<boolean>;
}

export function tenantMinutes(
  redis: Redis,
  queueName: string,
  limits: LimitsOfTenants | null,
): TenantMinutes {
  const keyOf = (tenant: string, month: string) => `call-compositor:${queueName}:seconds:${tenant}:${month}`;
  const mostOf = (tenant: string | null) => limitsFor(tenant, limits).minutesPerMonth;

  /** Infinity where there is no limit. */
  async function leftS(tenant: string | null, nowUnixMs: number): Promise<number> {
    const most = mostOf(tenant);
    if (tenant === null || most === null) return Number.POSITIVE_INFINITY;
    return most * 60 - Number(await redis.hget(keyOf(tenant, monthOf(nowUnixMs)), ''));
  }

  return {
    areUsedUp: async (tenant, nowUnixMs) => (await leftS(tenant, nowUnixMs)) <= 0,
    refuseIfUsedUp: async (tenant, nowUnixMs) => {
      if ((await leftS(tenant, nowUnixMs)) > 0) return;
      const month = monthOf(nowUnixMs);
      const message = `The tenant ${tenant} has used up the ${mostOf(tenant)} minutes that it may record in ${month} (UTC)`;
      throw new RecordingError('tenant_limit', message);
    },
    note: async ({ id, tenant, startedAtUnixMs, elapsedS }) => {
      const most = mostOf(tenant);
      if (tenant === null || most === null) return false;
      const key = keyOf(tenant, monthOf(startedAtUnixMs));
      const seconds = await redis.eval(NOTE_SECONDS, 1, key, id, elapsedS.toFixed(3), KEPT_S);
      return Number(seconds) >= most * 60;
    },
  };
}

/** `2026-01`, in UTC. */
function monthOf(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 7);
}
