import { setTimeout as wait } from 'node:timers/promises';
import { oneOf } from '../playAll.ts';
import { recordThrough } from '../recordThrough.ts';
import type { Scenario } from '../scenario.ts';
import { startRedisPair } from '../startRedisPair.ts';

const UNTOUCHED = { mostMissingS: 0, goesOnWithinS: 0 };
const PROMISE = 'Nothing is missing. Nobody else starts the same recording.';
/** Redis is without a primary for this long at most while the replica is promoted, in milliseconds. */
const LONGEST_ELECTION_MS = 8_000;

/** Redis, which holds jobs, leases and records. */
export const REDIS: readonly Scenario[] = [
  {
    name: 'redis-down',
    happens: 'Redis is gone for 60 s.',
    promise: PROMISE,
    ...UNTOUCHED,
    run: goneFor(60_000),
  },
  {
    name: 'redis-restarted',
    happens: 'Redis is killed and started again at once.',
    promise: PROMISE,
    ...UNTOUCHED,
    run: goneFor(0),
  },
  {
    name: 'redis-failed-over',
    happens:
      'A replica of Redis becomes the primary, and the address leads to it. The old one was killed up to 8 s before, or refuses to be written to.',
    promise: PROMISE,
    ...UNTOUCHED,
    run: async (world, random) => {
      const pair = await startRedisPair();
      try {
        const env = { REDIS_URL: pair.url };
        await Promise.all([world.startWorker('disk', env), world.startWorker('disk', env)]);
        const old = oneOf(random, ['is killed', 'is demoted']);
        return await recordThrough({ ...world, redis: pair }, random, {
          how: `the old one ${old}`,
          make: () => pair.failOver(old, LONGEST_ELECTION_MS * random()),
        });
      } finally {
        await world.endWorkers();
        await pair.close();
      }
    },
  },
  {
    name: 'redis-emptied',
    happens: 'Redis loses everything that it held.',
    promise: 'Nothing is missing, and the record of the recording is complete again.',
    ...UNTOUCHED,
    run: async (world, random) => {
      await world.startWorker();
      return recordThrough(world, random, { make: async () => void (await world.redis.client.flushall()) });
    },
  },
];

/** Records while Redis is gone for a while, given in milliseconds. */
function goneFor(ms: number): Scenario['run'] {
  return async (world, random) => {
    await Promise.all([world.startWorker(), world.startWorker()]);
    return recordThrough(world, random, {
      make: async () => {
        await world.redis.die();
        await wait(ms);
        await world.redis.comeBack();
      },
    });
  };
}
