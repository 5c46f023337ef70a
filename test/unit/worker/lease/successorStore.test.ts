import type { Redis } from 'ioredis';
import { beforeAll, describe, expect, test } from 'vitest';
import { thisProcess } from '../../../../worker/lease/processIdentity.ts';
import { createSuccessorStore } from '../../../../worker/lease/successorStore.ts';
import { connectOwnRedis } from '../../../support/connectOwnRedis.ts';
import { redisMissing } from '../../../support/startRedis.ts';

if (redisMissing) console.warn(`SKIPPED: successors of recordings (${redisMissing})`);

describe.skipIf(redisMissing)('the successor of a recording', () => {
  let redis: Redis;

  beforeAll(async () => {
    const own = await connectOwnRedis();
    redis = own.redis;
    return own.close;
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
