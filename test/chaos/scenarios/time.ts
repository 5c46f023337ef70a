import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { workerInUse } from '../inUse.ts';
import { oneOf } from '../playAll.ts';
import { recordThrough } from '../recordThrough.ts';
import type { Scenario } from '../scenario.ts';

const PRELOAD = fileURLToPath(new URL('../moveClock.mjs', import.meta.url));
const HOUR_MS = 60 * 60_000;

/** Time does not pass as usual. */
export const TIME: readonly Scenario[] = [
  {
    name: 'suspended',
    happens:
      'The machine stands still for 20 s: every process of worker and browser is stopped and continued.',
    promise: 'Sync and length stay right.',
    mostMissingS: 21,
    goesOnWithinS: 22,
    run: async (world, random) => {
      const worker = await world.startWorker();
      return recordThrough(world, random, {
        make: async () => {
          worker.suspend(true);
          await wait(20_000);
          worker.suspend(false);
        },
      });
    },
  },
  {
    name: 'clock-moved',
    happens:
      "The wall clock of the worker's process jumps by an hour, ahead or back. Those of its browser, of the other worker, of Redis and of the bucket stay.",
    promise: 'Nothing is missing. Sync and length stay right, and nobody else starts the same recording.',
    mostMissingS: 0,
    goesOnWithinS: 0,
    run: async (world, random) => {
      const jumpMs = oneOf(random, [HOUR_MS, -HOUR_MS]);
      const storage = oneOf(random, ['local', 's3']);
      const env = { NODE_OPTIONS: `--import=${PRELOAD}`, CHAOS_CLOCK_JUMP_MS: String(jumpMs) };
      const workers = await Promise.all([world.startWorker('disk', env), world.startWorker('disk', env)]);
      return recordThrough(world, random, {
        how: `an hour ${jumpMs > 0 ? 'ahead' : 'back'}, ${storage}`,
        storage,
        ...(storage === 's3' ? { storageFields: { durability: 'machine' } } : {}),
        goOnS: 15,
        make: async () => workerInUse(workers).kill('SIGUSR2'),
      });
    },
  },
];
