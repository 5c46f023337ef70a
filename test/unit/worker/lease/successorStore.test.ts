import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectRedis } from '../../../../worker/job/queue.ts';
import { thisProcess } from '../../../../worker/lease/processIdentity.ts';
import { createSuccessorStore } from '../../../../worker/lease/successorStore.ts';
import { redisMissing, startRedis } from '../../../support/startRedis.ts';

if (redisMissing) console.warn(`SKIPPED: successors of recordings (${redisMissing})`);

describe.skipIf(redisMissing)('the successor of a recording', () => {
  let server: Awaited<ReturnType<typeof startRedis>>;
  let redis: Redis;

  beforeAll(async () => {
    server = await startRedis();
    redis = connectRedis(server.url);
  });

  afterAll(async () => {
    redis?.disconnect();
    await server?.stop();
  });

  const successor = (owner: string) => ({ owner, isReady: false, process: thisProcess() });

  test('is one worker at a time, and is renewed, told to be ready and ended by this worker alone', async () => {
    const store = createSuccessorStore(redis, 'successors');
    expect(await store.begin('a', successor('one'))).toBe(true);
    expect(await store.begin('a', successor('two'))).toBe(false);
    expect(await store.renew('a', 'one')).toBe(true);
    await redis.flushall(); // it was silent for too long
    expect([await store.renew('a', 'one'), await store.tellReady('a', successor('one'))]).toEqual([
      false,
      false,
    ]);
    expect(await store.begin('a', successor('two'))).toBe(true);
    expect([await store.renew('a', 'one'), await store.tellReady('a', successor('one'))]).toEqual([
      false,
      false,
    ]);
    await store.end('a', 'one');
    expect(await store.of('a')).toMatchObject({ owner: 'two', isReady: false });
    expect(await store.tellReady('a', successor('two'))).toBe(true);
    expect(await store.of('a')).toMatchObject({ owner: 'two', isReady: true });
  });
});
