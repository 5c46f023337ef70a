import type { Redis } from 'ioredis';
import { beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../../../worker/log.ts';
import { registerWorker } from '../../../../worker/registry/registerWorker.ts';
import { FORGOTTEN_AFTER_MS, redisWorkerRegistry } from '../../../../worker/registry/workerRegistry.ts';
import { connectOwnRedis } from '../../../support/connectOwnRedis.ts';
import { eventually } from '../../../support/eventually.ts';
import { redisMissing } from '../../../support/startRedis.ts';

const ROOM = { cores: 1.5, memoryMiB: 900 };
const log = createLog('silent');

describe.skipIf(redisMissing)('the workers of a queue', () => {
  let redis: Redis;
  beforeAll(async () => {
    const own = await connectOwnRedis();
    redis = own.redis;
    return own.close;
  });

  const register = (queueName: string) => {
    const registry = redisWorkerRegistry(redis, queueName);
    return { registry, worker: registerWorker({ registry, concurrency: 3, room: () => ROOM, log }) };
  };

  test('are noted with what they have, as long as they have it', async () => {
    const { registry, worker } = register('one');
    let end: () => void = () => {};
    const job = worker.noted('r1', { run: () => new Promise<void>((resolve) => (end = resolve)) });
    const running = job.run();
    await eventually('it is noted', async () => (await registry.list())[0]?.recordings.length);
    expect(await registry.list()).toEqual([
      {
        ...{
          id: expect.any(String),
          version: expect.stringMatching(/^\d+\.\d+\.\d+/),
          host: expect.any(String),
        },
        ...{
          startedAt: expect.any(String),
          recordings: ['r1'],
          concurrency: 3,
          isLeaving: false,
          room: ROOM,
        },
      },
    ]);
    end();
    await running;
    await eventually('it has no recording', async () => (await registry.list())[0]?.recordings.length === 0);
    worker.leaving();
    await eventually('it leaves', async () => (await registry.list())[0]?.isLeaving);
    await worker.close();
    expect(await registry.list()).toEqual([]);
  });

  test('are forgotten where nothing is heard of them, and their ids with them', async () => {
    const registry = redisWorkerRegistry(redis, 'two');
    const worker = {
      version: '1.0.0',
      host: 'h',
      recordings: [],
      concurrency: null,
      isLeaving: false,
      room: ROOM,
    };
    await registry.note({ ...worker, id: 'b', startedAt: '2026-01-01T00:00:01.000Z' });
    await registry.note({ ...worker, id: 'a', startedAt: '2026-01-01T00:00:00.000Z' });
    expect((await registry.list()).map(({ id }) => id)).toEqual(['a', 'b']);
    const key = 'call-compositor:two:registry:a';
    expect(await redis.pttl(key)).toBeGreaterThan(FORGOTTEN_AFTER_MS - 2_000);
    await redis.pexpire(key, 1);
    await eventually('it is forgotten', async () => (await registry.list()).length === 1);
    expect(await redis.smembers('call-compositor:two:registry')).toEqual(['b']);
    expect(await redis.pttl('call-compositor:two:registry')).toBeGreaterThan(0);
  });
});
