import type { Redis } from 'ioredis';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseTenantLimits } from '../../../../worker/tenantLimits.ts';
import { tenantMinutes } from '../../../../worker/tenants/tenantMinutes.ts';
import { connectOwnRedis } from '../../../support/connectOwnRedis.ts';
import { redisMissing } from '../../../support/startRedis.ts';

if (redisMissing) console.warn(`SKIPPED: minutes of tenants (${redisMissing})`);

const JANUARY = Date.parse('2026-01-31T23:59:00Z');
const FEBRUARY = Date.parse('2026-02-01T00:01:00Z');

describe.skipIf(redisMissing)('the minutes of a tenant', () => {
  let redis: Redis;
  let queues = 0;

  beforeAll(async () => {
    const own = await connectOwnRedis();
    redis = own.redis;
    return own.close;
  });

  function minutesOf(limits: object) {
    const minutes = tenantMinutes(redis, `minutes-${++queues}`, parseTenantLimits(JSON.stringify(limits)));
    const note = (id: string, elapsedS: number, startedAtUnixMs = JANUARY) =>
      minutes.note({ id, tenant: 'acme', startedAtUnixMs, elapsedS });
    return { ...minutes, note };
  }

  test('are those of all its recordings, and each second counts once', async () => {
    const { note, areUsedUp } = minutesOf({ acme: { minutes_per_month: 2 } });
    expect(await note('one', 50)).toBe(false);
    expect(await note('two', 40)).toBe(false);
    expect(await note('one', 50)).toBe(false);
    expect(await note('one', 20)).toBe(false); // a worker that was suspended
    expect(await areUsedUp('acme', JANUARY)).toBe(false);
    expect(await note('one', 80)).toBe(true);
    expect(await areUsedUp('acme', JANUARY)).toBe(true);
    expect(await areUsedUp('other', JANUARY)).toBe(false);
  });

  test('are refused with the month and the limit, and begin anew with the next month', async () => {
    const { note, refuseIfUsedUp } = minutesOf({ '*': { minutes_per_month: 1 } });
    await note('one', 60);
    await expect(refuseIfUsedUp('acme', JANUARY)).rejects.toMatchObject({
      code: 'tenant_limit',
      message: 'The tenant acme has used up the 1 minutes that it may record in 2026-01 (UTC)',
    });
    await refuseIfUsedUp('acme', FEBRUARY);
    expect(await note('two', 50, FEBRUARY)).toBe(false);
    await refuseIfUsedUp(null, JANUARY);
  });

  test('are forgotten some time after their month', async () => {
    const { note } = minutesOf({ acme: { minutes_per_month: 2 } });
    await note('one', 1);
    const ttl = await redis.ttl(`call-compositor:minutes-${queues}:seconds:acme:2026-01`);
    expect(ttl).toBeGreaterThan(32 * 86_400);
  });
});
