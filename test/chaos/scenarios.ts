import { rm } from 'node:fs/promises';
import { workerInUse } from './inUse.ts';
import { recordThrough } from './recordThrough.ts';
import type { Scenario } from './scenario.ts';
import { BROWSERS } from './scenarios/browsers.ts';
import { LEAVING } from './scenarios/leaving.ts';
import { QUEUES } from './scenarios/queues.ts';
import { REDIS } from './scenarios/redis.ts';
import { STORAGES } from './scenarios/storages.ts';
import { TIME } from './scenarios/time.ts';

/**
 * What recordings must survive. The figures are the promises of docs/reliability.md. Here stands what happens to whole
 * workers and machines; each other group has a file of its own in scenarios/.
 */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'worker-killed',
    happens: 'A worker is killed (SIGKILL), and another one runs on the same machine.',
    promise: 'At most 2 s are missing. The recording goes on within 5 s, in the same file.',
    mostMissingS: 2,
    goesOnWithinS: 5,
    isAlone: true,
    run: async (world, random) => {
      const workers = await Promise.all([world.startWorker(), world.startWorker()]);
      return recordThrough(world, random, { make: async () => workerInUse(workers).kill('SIGKILL') });
    },
  },
  {
    name: 'worker-restarted',
    happens: 'The only worker is killed (SIGKILL) and started again at once.',
    promise: 'The recording goes on in the same file as soon as a worker is there.',
    mostMissingS: 6,
    goesOnWithinS: 6,
    isAlone: true,
    run: async (world, random) => {
      const worker = await world.startWorker();
      return recordThrough(world, random, {
        make: async () => {
          worker.kill('SIGKILL');
          await world.startWorker();
        },
      });
    },
  },
  machineGone({
    name: 'machine-gone',
    promise: 'Another worker goes on in a new file.',
    durability: 'part',
    mostMissingS: 30,
  }),
  machineGone({
    name: 'machine-gone-durable',
    promise: 'Another worker goes on within 15 s in the same file, and 2 s before that are lost at most.',
    durability: 'machine',
    mostMissingS: 17,
  }),
  ...BROWSERS,
  ...REDIS,
  ...STORAGES,
  ...LEAVING,
  ...TIME,
  ...QUEUES,
];

function machineGone(of: {
  readonly name: string;
  readonly promise: string;
  readonly durability: 'part' | 'machine';
  readonly mostMissingS: number;
}): Scenario {
  const { durability, ...promised } = of;
  return {
    ...promised,
    happens: `A worker is killed and its disk is gone. The recording goes to a bucket, with \`durability: ${durability}\`.`,
    goesOnWithinS: 15,
    run: async (world, random) => {
      const first = await world.startWorker('lost disk');
      return recordThrough(world, random, {
        storage: 's3',
        storageFields: { durability },
        goOnS: 25,
        ...(durability === 'machine' ? { mostLostBeforeS: 2 } : {}),
        make: async () => {
          await world.startWorker('another disk');
          const killedUnixMs = Date.now();
          first.kill('SIGKILL');
          await rm(world.folderOf('lost disk'), { recursive: true, force: true });
          return killedUnixMs;
        },
      });
    },
  };
}
