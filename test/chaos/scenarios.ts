import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { eventually } from '../support/eventually.ts';
import { processesInUse, workerInUse } from './inUse.ts';
import { BUCKET, type World } from './openWorld.ts';
import { recordThrough } from './recordThrough.ts';
import type { Scenario } from './scenario.ts';
import type { Order } from './serveWitness.ts';
import { signalTo } from './startWorkerProcess.ts';

/** A part of a large file takes about 8 s. Before it is kept, it has to be sent. */
const PART_S = 12;

/** What recordings must survive. The figures are the promises of docs/reliability.md. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'worker-killed',
    happens: 'A worker is killed (SIGKILL), and another one runs on the same machine.',
    promise: 'At most 2 s are missing. The recording goes on within 5 s, in the same file.',
    mostMissingS: 2,
    goesOnWithinS: 5,
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
  ...['browser', 'recorder page', 'gpu-process', 'recorded page'].map(killsInBrowser),
  ...(['hang', 'leave', 'lose everything'] as const).map(pageDoes),
  {
    name: 'redis-down',
    happens: 'Redis is gone for 60 s.',
    promise: 'Nothing is missing. Nobody else starts the same recording.',
    mostMissingS: 0,
    goesOnWithinS: 0,
    run: async (world, random) => {
      await Promise.all([world.startWorker(), world.startWorker()]);
      return recordThrough(world, random, {
        make: async () => {
          await world.redis.die();
          await wait(60_000);
          await world.redis.comeBack();
        },
      });
    },
  },
  {
    name: 'redis-emptied',
    happens: 'Redis loses everything that it held.',
    promise: 'Nothing is missing, and the record of the recording is complete again.',
    mostMissingS: 0,
    goesOnWithinS: 0,
    run: async (world, random) => {
      await world.startWorker();
      return recordThrough(world, random, { make: async () => void (await world.redis.client.flushall()) });
    },
  },
  {
    name: 'bucket-down',
    happens: 'The bucket answers 503 for 30 s, also after the end of the call.',
    promise: 'Nothing is missing. The file is delivered when the bucket is back.',
    mostMissingS: 0,
    goesOnWithinS: 0,
    run: async (world, random) => {
      await world.startWorker();
      return recordThrough(world, random, {
        storage: 's3',
        make: async () => {
          world.s3Proxy.answer(503);
          void wait(30_000).then(() => world.s3Proxy.answer('well'));
        },
      });
    },
  },
  {
    name: 'deployment',
    happens: 'A worker gets SIGTERM while another one has room.',
    promise: 'At most 1 s is missing.',
    mostMissingS: 1,
    goesOnWithinS: 3,
    run: async (world, random) => {
      const workers = await Promise.all([world.startWorker(), world.startWorker()]);
      return recordThrough(world, random, { make: async () => workerInUse(workers).kill('SIGTERM') });
    },
  },
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

function killsInBrowser(kind: string): Scenario {
  return {
    name: `${kind.replaceAll(' ', '-')}-killed`,
    happens: `The ${kind.replace('gpu-process', 'GPU process')} is killed.`,
    promise: 'The recording goes on within 3 s.',
    mostMissingS: 4,
    goesOnWithinS: 3,
    run: async (world, random) => {
      const worker = await world.startWorker();
      return recordThrough(world, random, {
        make: async () => {
          for (const pid of processesInUse(worker, kind)) signalTo(pid, 'SIGKILL');
        },
      });
    },
  };
}

function pageDoes(order: Order): Scenario {
  const does = {
    hang: 'hangs',
    leave: 'goes to another page',
    'lose everything': 'loses its content by an exception',
  };
  return {
    name: `page-${order.replaceAll(' ', '-')}`,
    happens: `The recorded page ${does[order]}.`,
    promise: 'It is loaded anew, and the recording goes on.',
    mostMissingS: 12,
    goesOnWithinS: 12,
    run: async (world, random) => {
      await world.startWorker();
      return recordThrough(world, random, {
        goOnS: 16,
        isPagesOwn: true,
        make: async () => world.witness.order(order),
      });
    },
  };
}
