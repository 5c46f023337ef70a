import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { eventually } from '../support/eventually.ts';
import { workerInUse } from './inUse.ts';
import { BUCKET, type World } from './openWorld.ts';
import { recordThrough } from './recordThrough.ts';
import type { Scenario } from './scenario.ts';
import { BROWSERS } from './scenarios/browsers.ts';
import { LEAVING } from './scenarios/leaving.ts';
import { QUEUES } from './scenarios/queues.ts';
import { REDIS } from './scenarios/redis.ts';
import { STORAGES } from './scenarios/storages.ts';
import { TIME } from './scenarios/time.ts';

/** A part of a large file takes about 8 s. Before it is kept, it has to be sent. */
const PART_S = 12;

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
    promise: `Another worker goes on within 15 s in the same file, and one part of 16 MiB before that is lost at most.`,
    durability: 'part',
    mostMissingS: 15 + PART_S,
    mostLostBeforeS: PART_S,
  }),
  machineGone({
    name: 'machine-gone-durable',
    promise: 'Another worker goes on within 15 s in the same file, and 2 s before that are lost at most.',
    durability: 'machine',
    mostMissingS: 17,
    mostLostBeforeS: 2,
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
  readonly mostLostBeforeS: number;
}): Scenario {
  const { durability, mostLostBeforeS, ...promised } = of;
  return {
    ...promised,
    happens: `A worker is killed and its disk is gone. The recording goes to a bucket, with \`durability: ${durability}\`.`,
    goesOnWithinS: 15,
    isAlone: durability === 'part', // a large file takes much of the machine
    run: async (world, random) => {
      const first = await world.startWorker('lost disk');
      return recordThrough(world, random, {
        storage: 's3',
        storageFields: { durability },
        goOnS: 25,
        mostLostBeforeS,
        isLarge: durability === 'part',
        make: async () => {
          await world.startWorker('another disk');
          if (durability === 'part') await untilPartsAreKept(world, random);
          const killedUnixMs = Date.now();
          first.kill('SIGKILL');
          await rm(world.folderOf('lost disk'), { recursive: true, force: true });
          return killedUnixMs;
        },
      });
    },
  };
}

/** Resolves at a random moment after the first and another part of the file are kept in the bucket. */
async function untilPartsAreKept({ s3 }: World, random: () => number): Promise<void> {
  const list = () => s3.client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: '.unfinished/' }));
  const isKept = async () => (await list()).Contents?.some(({ Key }) => Key?.endsWith('-part-2'));
  await eventually('a part is kept', isKept, { withinMs: 90_000 });
  await wait(PART_S * 1000 * random());
}
