import type { Redis } from 'ioredis';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { deliveries } from '../../../../worker/cli/deliveries.ts';
import { redisDeliveryStore } from '../../../../worker/deliveries/redisDeliveryStore.ts';
import { connectOwnRedis } from '../../../support/connectOwnRedis.ts';
import { redisMissing } from '../../../support/startRedis.ts';

if (redisMissing) console.warn(`SKIPPED: the command deliveries (${redisMissing})`);

describe.skipIf(redisMissing)('the command deliveries', () => {
  let url: string;
  let redis: Redis;
  let lines: string[];

  beforeAll(async () => {
    const own = await connectOwnRedis();
    redis = own.redis;
    url = own.url;
    return own.close;
  });

  beforeEach(async () => {
    await redis.flushall();
    lines = [];
    vi.stubEnv('REDIS_URL', url);
    vi.stubEnv('COMPOSITOR_QUEUE', 'q');
    for (const stream of ['log', 'error'] as const)
      vi.spyOn(console, stream).mockImplementation((line) => void lines.push(String(line)));
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  /** Three deliveries of one recording, of which the first ones are dead. */
  async function fill(dead: number): Promise<void> {
    const store = redisDeliveryStore(redis, 'q');
    for (let n = 1; n <= 3; n++)
      await store.put({
        id: `msg_${n}`,
        recordingId: 'r1',
        type: 'call.recording_warning',
        url: 'https://user:pass@hooks.example.com/T0/secret-path?token=abc',
        secret: 'whsec_c2VjcmV0',
        sealed: null,
        body: '{}',
        sinceUnixMs: Date.now(),
      });
    for (let n = 0; n < dead; n++) {
      const taken = await store.take([]);
      if (taken) await store.bury(taken, 'it answered with HTTP status 503');
    }
  }

  test('says so where nothing waits', async () => {
    expect(await deliveries({})).toBe(0);
    expect(lines).toEqual(['nothing waits for a webhook, and nothing is dead']);
  });

  test('lists what waits and what is dead, and no secret', async () => {
    await fill(1);
    expect(await deliveries({})).toBe(0);
    const [header, ...rows] = lines.join('\n').split('\n');
    expect(header).toMatch(/^id +state +recording_id +event +target/);
    expect(rows.map((row) => row.split(/ +/).slice(0, 2))).toEqual([
      ['msg_2', 'waiting'],
      ['msg_3', 'waiting'],
      ['msg_1', 'dead'],
    ]);
    await deliveries({ json: true });
    expect(lines.join('\n')).toContain('https://hooks.example.com');
    expect(lines.join('\n')).not.toMatch(/whsec_|secret-path|pass|abc/);
  });

  test('puts one dead letter, or all of them, on their way again', async () => {
    await fill(2);
    expect(await deliveries({ resend: 'msg_1', json: true })).toBe(0);
    expect(lines).toEqual(['{"resent":["msg_1"]}']);
    expect(await deliveries({ resend: 'msg_1' })).toBe(1);
    expect(lines.at(-1)).toContain('no dead letter has the id msg_1');
    expect(await deliveries({ resend: 'all' })).toBe(0);
    const listed = await redisDeliveryStore(redis, 'q').list();
    expect(listed.map(({ state, delivery }) => [state, delivery.id])).toEqual([
      ['waiting', 'msg_3'],
      ['waiting', 'msg_1'],
      ['waiting', 'msg_2'],
    ]);
  });

  test('sends all dead letters again, also where there are more than a list holds', async () => {
    const store = redisDeliveryStore(redis, 'q');
    const each = {
      recordingId: 'r1',
      type: 'call.recording_warning',
      url: 'https://hooks.example.com/',
      sealed: null,
    } as const;
    for (let n = 0; n < 1_010; n++) {
      await store.put({ ...each, id: `msg_${n}`, secret: null, body: '{}', sinceUnixMs: Date.now() });
      const taken = await store.take([]);
      if (taken) await store.bury(taken, 'it answered with HTTP status 503');
    }
    expect(await deliveries({ resend: 'all' })).toBe(0);
    expect(lines[0]).toContain('1010 on the way again');
    expect(await store.counts()).toMatchObject({ dead: 0 });
  });
});
