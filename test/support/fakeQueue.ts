import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { connectRedis } from '../../worker/job/queue.ts';
import { signal } from '../../worker/job/signal.ts';
import { eventually } from './eventually.ts';
import { type FakeWorker, startFakeWorker } from './startFakeWorker.ts';
import { startRedis } from './startRedis.ts';

/** Leases that no worker takes for silent, however slow the machine is. */
export const NEVER_SILENT = {
  beatMs: 100,
  silentMs: 60_000,
  lookMs: 25,
  settleMs: 1_000,
  longWaitMs: 60_000,
};

/** A fake worker with a connection of its own, which can be cut. */
export interface CutWorker extends FakeWorker {
  readonly own: Redis;
  cut(): void;
  mend(): Promise<void>;
}

/** Lets a worker read what was sent earlier to recordings as it is now, but only later. */
export function holdBackEarlier({ own }: CutWorker) {
  const isRead = signal();
  const isAnswered = signal();
  const xrange: Redis['xrange'] = own.xrange.bind(own);
  const late = async (stream: string, start: string, end: string) => {
    const answer = await xrange(stream, start, end);
    isRead.resolve();
    await isAnswered.promise;
    return answer;
  };
  Object.assign(own, { xrange: late });
  return { isRead: isRead.promise, answer: isAnswered.resolve };
}

/** A queue on a real Redis, a new one for each test of the suite that calls this, and the fake workers of that test. */
export function fakeQueue(name: string) {
  let server: Awaited<ReturnType<typeof startRedis>>;
  let folder: string;
  let redis: Redis;
  let queue: Queue;
  const open: CutWorker[] = [];
  let queues = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'test-redis-'));
    server = await startRedis({ folder });
    redis = connectRedis(server.url);
  });

  beforeEach(() => {
    queue = new Queue(`${name}-${++queues}`, { connection: redis });
    queue.on('error', () => {}); // Redis is away in some of the tests
  });

  afterEach(async () => {
    await Promise.all(
      open.splice(0).map(async ({ own, close }) => {
        if (own.status === 'end') await own.connect(); // one that was cut off would wait for Redis as it leaves
        await close();
        own.disconnect();
      }),
    );
    await queue.close();
  });

  afterAll(async () => {
    redis?.disconnect();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const keyOf = (kind: string) => `call-compositor:${queue.name}:${kind}`;

  return {
    redis: () => redis,
    queue: () => queue,
    keyOf,

    add: (id: string, cores = 1, options: object = {}) =>
      queue.add('record', { cores }, { jobId: id, ...options }),

    startWorker: async (options: Parameters<typeof startFakeWorker>[2] = {}): Promise<CutWorker> => {
      const own = connectRedis(server.url);
      const worker = await startFakeWorker(own, queue.name, options);
      open.push({ ...worker, own, cut: () => own.disconnect(), mend: () => own.connect() });
      return open.at(-1) as CutWorker;
    },

    runs: (worker: FakeWorker, id: string) =>
      eventually(`${id} runs`, () => worker.started.find((job) => job.id === id), { withinMs: 15_000 }),

    isOver: (id: string) => eventually(`${id} is over`, async () => (await queue.getJob(id)) === undefined),

    /** The final events that the queue has published for a recording. */
    finals: async (id: string) => {
      const entries = await redis.xrange(queue.toKey('events'), '-', '+');
      return entries.filter(
        ([, fields]) =>
          fields[1] === 'progress' && fields[3] === id && String(fields[5]).includes('"result"'),
      );
    },

    leaseOf: async (id: string) => JSON.parse((await redis.hget(keyOf('leases'), id)) ?? 'null'),

    stopRedis: () => server.stop(),
    /** At the same address, with what it had saved, or empty. */
    startRedisAgain: async (isEmpty: boolean) => {
      if (isEmpty) await rm(join(folder, 'dump.rdb'), { force: true });
      server = await startRedis({ port: server.port, folder });
    },
  };
}
