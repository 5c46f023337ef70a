import { Queue, QueueEvents, Worker } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sendCommand } from '../../../../worker/control/commandStream.ts';
import { connectAgain, connectRedis } from '../../../../worker/job/queue.ts';
import { requestStop } from '../../../../worker/job/stopRequests.ts';
import type { TakenJob } from '../../../../worker/job/takenJob.ts';
import { thisProcess } from '../../../../worker/lease/processIdentity.ts';
import { redisRecordStore } from '../../../../worker/records/redisRecordStore.ts';
import { eventually } from '../../../support/eventually.ts';
import {
  CORES,
  type Failure,
  type FakeWorker,
  resultOf,
  startFakeWorker,
} from '../../../support/startFakeWorker.ts';
import { redisMissing, startRedis } from '../../../support/startRedis.ts';

if (redisMissing) console.warn(`SKIPPED: taking jobs off the queue (${redisMissing})`);

describe.skipIf(redisMissing)('jobs of a queue', () => {
  let server: Awaited<ReturnType<typeof startRedis>>;
  let redis: ReturnType<typeof connectRedis>;
  let queue: Queue;
  const open: FakeWorker[] = [];
  let queues = 0;

  beforeAll(async () => {
    server = await startRedis();
    redis = connectRedis(server.url);
  });

  beforeEach(() => {
    queue = new Queue(`jobs-${++queues}`, { connection: redis });
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((consumer) => consumer.close()));
    await queue.close();
  });

  afterAll(async () => {
    redis?.disconnect();
    await server?.stop();
  });

  const add = (id: string, cores = 1, options: object = {}) =>
    queue.add('record', { cores }, { jobId: id, ...options });

  async function startWorker(options: Parameters<typeof startFakeWorker>[2] = {}): Promise<FakeWorker> {
    const worker = await startFakeWorker(redis, queue.name, options);
    open.push(worker);
    return worker;
  }

  const ids = (jobs: readonly TakenJob[]) => jobs.map(({ id }) => id);

  test('start in the order of the queue, as many as there is room for', async () => {
    const wanted = Array.from({ length: 12 }, (_, index) => `job-${index}`);
    for (const id of wanted) await add(id);
    const worker = await startWorker();
    for (let ended = 0; ended < wanted.length; ended++) {
      await eventually('the next have started', () => worker.started.length >= Math.min(12, ended + CORES));
      expect(worker.started.length).toBeLessThanOrEqual(ended + CORES);
      worker.end(String(wanted[ended]));
    }
    expect(ids(worker.started)).toEqual(wanted);
  });

  test('that need much room are not overtaken forever by those that need little', async () => {
    const worker = await startWorker();
    await add('small-1');
    await eventually('the first runs', () => worker.started.length === 1);
    await add('big', CORES);
    await eventually('the big one waits for its room', () => worker.waiting.includes('big'));
    for (const id of ['small-2', 'small-3', 'small-4']) await add(id);
    worker.end('small-1');
    await eventually('the big one runs', () => worker.started.length === 2);
    expect(ids(worker.started)).toEqual(['small-1', 'big']);
    worker.end('big');
    await eventually('the small ones follow', () => worker.started.length === 4);
    expect(ids(worker.started).slice(2)).toEqual(['small-2', 'small-3']);
  });

  test('that wait for room go back to their place when the worker leaves', async () => {
    const first = await startWorker();
    await add('small-1');
    await add('big', CORES);
    await eventually('the big one waits', () => first.waiting.includes('big'));
    await add('small-2');
    await first.close();
    const second = await startWorker();
    await eventually('another worker runs it', () => second.started.length > 0);
    expect(ids(second.started)).toEqual(['big']);
  });

  test('that were told to stop before any worker listened are handed over as stopped', async () => {
    await add('early');
    expect(await requestStop(redis, queue.name, 'early')).toBe(true);
    const worker = await startWorker();
    await eventually('it was handed over', () => worker.started.length === 1);
    expect(worker.started[0]?.stop.reason).toBe('stopped');
  });

  test('can be told to stop while they run, and while they wait for room', async () => {
    const worker = await startWorker();
    await add('running', CORES);
    await eventually('it runs', () => worker.started.length === 1);
    await requestStop(redis, queue.name, 'running');
    await eventually('it was stopped', () => worker.started[0]?.stop.aborted === true);
    await add('small');
    await add('big', CORES);
    await eventually('the big one waits', () => worker.waiting.includes('big'));
    await requestStop(redis, queue.name, 'big');
    await eventually('it is handed over without room', () => ids(worker.started).includes('big'));
    expect(worker.started.at(-1)?.stop.reason).toBe('stopped');
  });

  test('that failed leave no command behind, so that a job of the same id can run later', async () => {
    const worker = await startWorker();
    worker.failWhenStopped('page_crashed');
    await add('again');
    await eventually('it runs', () => worker.started.length === 1);
    await requestStop(redis, queue.name, 'again');
    await eventually('it is over', async () => (await queue.getJob('again')) === undefined);
    await add('again');
    await eventually('it runs again', () => worker.started.length === 2);
    expect(worker.started[1]?.stop.aborted).toBe(false);
  });

  /** A job with attempts left that is paused and then fails. */
  async function failPaused(error: Failure): Promise<FakeWorker> {
    const worker = await startWorker();
    await add('paused', 1, { attempts: 3 });
    await eventually('it runs', () => worker.started.length === 1);
    const command = { type: 'pause', mode: 'skip' } as const;
    await sendCommand(redis, queue.name, { recordingId: 'paused', command });
    await eventually('it is paused', () => pausesOf(worker.started[0]).length === 1);
    worker.end('paused', error);
    return worker;
  }

  function pausesOf(job: TakenJob | undefined): unknown[] {
    const pauses: unknown[] = [];
    job?.onPause((mode) => pauses.push(mode));
    return pauses;
  }

  test('that failed for a lasting reason leave no command behind either, although they had attempts left', async () => {
    const worker = await failPaused('invalid_request');
    await eventually('it is over', async () => (await queue.getJob('paused')) === undefined);
    await add('paused');
    await eventually('it runs again', () => worker.started.length === 2);
    expect(pausesOf(worker.started[1])).toEqual([]);
  });

  test('that are tried again do what the attempt before was told', async () => {
    const worker = await failPaused('page_crashed');
    await eventually('it runs again', () => worker.started.length === 2);
    expect(pausesOf(worker.started[1])).toEqual(['skip']);
  });

  test('of the id of a recording that is complete are not recorded again, and end with its result', async () => {
    const worker = await startWorker();
    await add('once');
    await eventually('it runs', () => worker.started.length === 1);
    worker.end('once');
    await eventually('it is over', async () => (await queue.getJob('once')) === undefined);
    const ended = new QueueEvents(queue.name, { connection: connectAgain(redis) });
    await ended.waitUntilReady();
    const returned = new Promise((resolve) =>
      ended.on('completed', ({ returnvalue }) => resolve(returnvalue)),
    );
    await add('once');
    expect(await returned).toMatchObject({ status: 'completed', recording_id: 'once' });
    expect(worker.started).toHaveLength(1);
    expect(worker.heard.filter((event) => 'result' in event)).toHaveLength(1);
    await ended.close();
  });

  test('of the id of a complete recording are not recorded again after a long wait and a lost worker either', async () => {
    const worker = await startWorker();
    await add('once');
    await eventually('it runs', () => worker.started.length === 1);
    worker.end('once');
    await eventually('it is over', async () => (await queue.getJob('once')) === undefined);
    await add('full', CORES);
    await eventually('the worker is full', () => worker.started.length === 2);
    await add('once');
    await redis.hset(queue.toKey('once'), 'stc', 1);
    await eventually('it is told that it waits', async () => redis.hget(queue.toKey('once'), 'toldWaiting'));
    worker.end('full');
    await eventually('it is over again', async () => (await queue.getJob('once')) === undefined);
    expect(ids(worker.started)).toEqual(['once', 'full']);
    expect(await redisRecordStore(redis, queue.name).get('once')).toMatchObject({ state: 'ready' });
  });

  test('that are given back a moment before their lease is removed are begun without a lost attempt', async () => {
    const leases = `call-compositor:${queue.name}:leases`;
    const earlier = { owner: 'earlier', fence: 1, beat: 1, state: 'running', offered: false };
    await redis.hset(leases, 'again', JSON.stringify({ ...earlier, process: thisProcess() }));
    const worker = await startWorker();
    await add('again');
    await eventually('it is taken', async () => (await queue.getJobState('again')) === 'active');
    await redis.hdel(leases, 'again');
    await eventually('it runs', () => worker.started.length === 1);
    expect(worker.started[0]?.attempt).toBe(1);
  });

  test('that were told to be tried again are, although a stop comes right after that', async () => {
    const told: boolean[] = [];
    const worker = await startWorker({
      run: async (job) => {
        if (told.length === 0) {
          told.push(job.mayTryAgain());
          await requestStop(redis, queue.name, job.id);
          await eventually('it is told to stop', () => job.stop.aborted);
        }
        return resultOf(job.id, 'page_crashed');
      },
    });
    await add('twice', 1, { attempts: 2 });
    await eventually('it runs again', () => worker.started.length === 2);
    expect(told).toEqual([true]);
  });

  test('a stop of a job that does not exist resolves to false', async () => {
    expect(await requestStop(redis, queue.name, 'nobody')).toBe(false);
  });

  test('that fail are tried again as often as their `attempts` say', async () => {
    const worker = await startWorker();
    await add('thrice', 1, { attempts: 3 });
    for (let attempt = 1; attempt <= 3; attempt++) {
      await eventually(`attempt ${attempt}`, () => worker.started.length === attempt);
      worker.end('thrice', 'page_crashed');
    }
    await eventually('it is over', async () => (await queue.getJob('thrice')) === undefined);
    expect(worker.started.map((job) => [job.attempt, job.mayTryAgain()])).toEqual([
      [1, true],
      [2, true],
      [3, false],
    ]);
  });

  test('that fail for a lasting reason are not tried again', async () => {
    const worker = await startWorker();
    await add('wrong', 1, { attempts: 3 });
    await eventually('it runs', () => worker.started.length === 1);
    worker.end('wrong', 'invalid_request');
    await eventually('it is over', async () => (await queue.getJob('wrong')) === undefined);
    expect(worker.started).toHaveLength(1);
  });

  test('of a worker that was lost before it said a word are taken over, which counts as an attempt', async () => {
    await add('orphan', 1, { attempts: 2 });
    const lost = new Worker(queue.name, null, { connection: redis });
    expect((await lost.getNextJob('a token that nobody renews'))?.id).toBe('orphan');
    const worker = await startWorker();
    await eventually('it was taken over', () => worker.started.length === 1);
    expect(worker.started[0]).toMatchObject({ id: 'orphan', attempt: 2, lostTooOften: null });
    expect(worker.started[0]?.mayTryAgain()).toBe(false);
    await lost.close();
  });

  test('that workers were lost with again and again are handed over to be failed', async () => {
    await add('deadly');
    const losses = Array.from({ length: 6 }, () => Date.now());
    await redis.hset(`bull:${queue.name}:deadly`, 'stc', 6, 'lostAt', JSON.stringify(losses));
    const worker = await startWorker();
    await eventually('it was handed over', () => worker.started.length === 1);
    expect(worker.started[0]?.lostTooOften).toBe('6 of them within ten minutes');
  });

  test('that fail while they are stopped are not tried again', async () => {
    const worker = await startWorker();
    await add('enough', 1, { attempts: 3 });
    await eventually('it runs', () => worker.started.length === 1);
    worker.failWhenStopped('page_crashed');
    await requestStop(redis, queue.name, 'enough');
    await eventually('it is over', async () => (await queue.getJob('enough')) === undefined);
    expect(worker.started).toHaveLength(1);
  });

  test('whose reading throws give their room back, and the next jobs run', async () => {
    const worker = await startWorker({
      run: async (job) => {
        if (job.id.startsWith('broken')) throw new Error('a fault of ours');
        return resultOf(job.id);
      },
    });
    for (const id of ['broken-1', 'broken-2', 'next']) await add(id);
    await eventually('the next ran', () => ids(worker.started).includes('next'));
  });

  test('that cannot be brought to their end do not keep a worker longer than its grace period', async () => {
    const graceMs = 2_500;
    const worker = await startWorker({ graceMs, run: () => new Promise<never>(() => {}) });
    await add('endless');
    await eventually('it runs', () => worker.started.length === 1);
    const toldAtMs = performance.now();
    await worker.close();
    expect(performance.now() - toldAtMs).toBeLessThan(graceMs + 1_000);
  });

  test('stay on the queue until all their events are kept', async () => {
    let keep = () => {};
    const kept = new Promise<void>((resolve) => {
      keep = resolve;
    });
    let hasEnded = false;
    await startWorker({
      run: async (job) => resultOf(job.id),
      told: () => {
        hasEnded = true;
        return kept;
      },
    });
    const job = await add('told-late');
    await eventually('the recording has ended', () => hasEnded);
    expect(await job.getState()).toBe('active');
    keep();
    await eventually('the job is over', async () => (await queue.getJob('told-late')) === undefined);
  });
});
