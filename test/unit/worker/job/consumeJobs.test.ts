import { Queue, Worker } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RecordingResult } from '../../../../shared/events/recordingEvents.ts';
import { createAdmission } from '../../../../worker/admission/admission.ts';
import { type Consumer, consumeJobs } from '../../../../worker/job/consumeJobs.ts';
import { connectRedis } from '../../../../worker/job/queue.ts';
import { requestStop } from '../../../../worker/job/stopRequests.ts';
import type { PreparedJob, TakenJob } from '../../../../worker/job/takenJob.ts';
import { createLog } from '../../../../worker/log.ts';
import { buildResult } from '../../../../worker/recording/buildResult.ts';
import { eventually } from '../../../support/eventually.ts';
import { redisMissing, startRedis } from '../../../support/startRedis.ts';

if (redisMissing) console.warn(`SKIPPED: taking jobs off the queue (${redisMissing})`);

const CORES = 2;
const PLENTY = () => ({ idleCores: 100, availableMiB: 100_000 });

type Failure = 'page_crashed' | 'invalid_request';

/** A worker whose recordings last until they are told to end; what it took, in order. */
interface FakeWorker {
  readonly started: TakenJob[];
  readonly waiting: string[];
  end(id: string, error?: Failure): void;
  /** What a recording that is told to stop ends with from now on. */
  failWhenStopped(error: Failure): void;
  close(): Promise<void>;
}

describe.skipIf(redisMissing)('jobs of a queue', () => {
  let server: Awaited<ReturnType<typeof startRedis>>;
  let redis: ReturnType<typeof connectRedis>;
  let queue: Queue;
  const open: Consumer[] = [];
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

  async function startFakeWorker(extra: { lockMs?: number } = {}): Promise<FakeWorker> {
    const started: TakenJob[] = [];
    const waiting: string[] = [];
    let whenStopped: Failure | undefined;
    const endings = new Map<string, (result: RecordingResult) => void>();
    const admission = createAdmission({ cores: CORES, memoryMiB: 1_000 }, PLENTY);
    const gate = { ...admission, isOpen: () => admission.hasRoomFor({ cores: 1, memoryMiB: 1 }) };
    const prepare = (job: TakenJob): PreparedJob => ({
      cost: { cores: (job.payload as { cores: number }).cores, memoryMiB: 1 },
      tellWaiting: () => waiting.push(job.id),
      told: () => Promise.resolve(),
      run: () => {
        started.push(job);
        if (job.stop.aborted) return Promise.resolve(resultOf(job.id));
        job.stop.addEventListener('abort', () => endings.get(job.id)?.(resultOf(job.id, whenStopped)));
        return new Promise((resolve) => endings.set(job.id, resolve));
      },
    });
    const given = { redis, queueName: queue.name, concurrency: 10, gate, log: createLog('silent') };
    const consumer = await consumeJobs({ ...given, ...extra }, prepare);
    open.push(consumer);
    return {
      started,
      waiting,
      failWhenStopped: (error) => {
        whenStopped = error;
      },
      end: (id, error) => endings.get(id)?.(resultOf(id, error)),
      close: () => consumer.close(),
    };
  }

  const ids = (jobs: readonly TakenJob[]) => jobs.map(({ id }) => id);

  test('start in the order of the queue, as many as there is room for', async () => {
    const wanted = Array.from({ length: 12 }, (_, index) => `job-${index}`);
    for (const id of wanted) await add(id);
    const worker = await startFakeWorker();
    for (let ended = 0; ended < wanted.length; ended++) {
      await eventually('the next have started', () => worker.started.length >= Math.min(12, ended + CORES));
      expect(worker.started.length).toBeLessThanOrEqual(ended + CORES);
      worker.end(String(wanted[ended]));
    }
    expect(ids(worker.started)).toEqual(wanted);
  });

  test('that need much room are not overtaken forever by those that need little', async () => {
    const worker = await startFakeWorker();
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
    const first = await startFakeWorker();
    await add('small-1');
    await add('big', CORES);
    await eventually('the big one waits', () => first.waiting.includes('big'));
    await add('small-2');
    await first.close();
    const second = await startFakeWorker();
    await eventually('another worker runs it', () => second.started.length > 0);
    expect(ids(second.started)).toEqual(['big']);
  });

  test('that were told to stop before any worker listened are handed over as stopped', async () => {
    await add('early');
    expect(await requestStop(redis, queue.name, 'early')).toBe(true);
    const worker = await startFakeWorker();
    await eventually('it was handed over', () => worker.started.length === 1);
    expect(worker.started[0]?.stop.reason).toBe('stopped');
  });

  test('can be told to stop while they run, and while they wait for room', async () => {
    const worker = await startFakeWorker();
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

  test('leave no command behind, so that a job of the same id can run later', async () => {
    const worker = await startFakeWorker();
    await add('again');
    await eventually('it runs', () => worker.started.length === 1);
    await requestStop(redis, queue.name, 'again');
    await eventually('it is over', async () => (await queue.getJob('again')) === undefined);
    await add('again');
    await eventually('it runs again', () => worker.started.length === 2);
    expect(worker.started[1]?.stop.aborted).toBe(false);
  });

  test('a stop of a job that does not exist resolves to false', async () => {
    expect(await requestStop(redis, queue.name, 'nobody')).toBe(false);
  });

  test('that fail are tried again as often as their `attempts` say', async () => {
    const worker = await startFakeWorker();
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
    const worker = await startFakeWorker();
    await add('wrong', 1, { attempts: 3 });
    await eventually('it runs', () => worker.started.length === 1);
    worker.end('wrong', 'invalid_request');
    await eventually('it is over', async () => (await queue.getJob('wrong')) === undefined);
    expect(worker.started).toHaveLength(1);
  });

  test('of a worker that was lost are taken over, which counts as an attempt', async () => {
    await add('orphan', 1, { attempts: 2 });
    const lost = new Worker(queue.name, null, { connection: redis, lockDuration: 100 });
    expect((await lost.getNextJob('a token that nobody renews'))?.id).toBe('orphan');
    const worker = await startFakeWorker({ lockMs: 200 });
    await eventually('it was taken over', () => worker.started.length === 1);
    expect(worker.started[0]).toMatchObject({ id: 'orphan', attempt: 2, lostTooOften: null });
    expect(worker.started[0]?.mayTryAgain()).toBe(false);
    await lost.close();
  });

  test('that workers were lost with again and again are handed over to be failed', async () => {
    await add('deadly');
    for (const worker of [1, 2]) {
      const lost = new Worker(queue.name, null, { connection: redis, lockDuration: 50, stalledInterval: 50 });
      await lost.startStalledCheckTimer();
      await eventually(`lost worker ${worker} takes it`, () => lost.getNextJob('a token nobody renews'));
      await lost.close();
    }
    const worker = await startFakeWorker({ lockMs: 200 });
    await eventually('it was handed over', () => worker.started.length === 1);
    expect(worker.started[0]?.lostTooOften).toContain('stalled');
  });

  test('that another worker has taken over end here, and are left to it', async () => {
    const worker = await startFakeWorker({ lockMs: 200 });
    await add('lost');
    await eventually('it runs', () => worker.started.length === 1);
    // What another worker does that takes the job for lost.
    await redis.set(`bull:${queue.name}:lost:lock`, 'the token of another worker');
    await eventually('it ends here', () => worker.started[0]?.stop.aborted === true);
    expect(worker.started[0]?.stop.reason).toBe('taken_over');
    await worker.close();
    expect(await queue.getJobState('lost')).toBe('active');
  });

  test('that fail while they are stopped are not tried again', async () => {
    const worker = await startFakeWorker();
    await add('enough', 1, { attempts: 3 });
    await eventually('it runs', () => worker.started.length === 1);
    worker.failWhenStopped('page_crashed');
    await requestStop(redis, queue.name, 'enough');
    await eventually('it is over', async () => (await queue.getJob('enough')) === undefined);
    expect(worker.started).toHaveLength(1);
  });

  test('whose reading throws give their room back, and the next job runs', async () => {
    const admission = createAdmission({ cores: 1, memoryMiB: 10 }, PLENTY);
    const gate = { ...admission, isOpen: () => admission.hasRoomFor({ cores: 1, memoryMiB: 1 }) };
    const started: string[] = [];
    const prepare = (job: TakenJob): PreparedJob => ({
      cost: { cores: 1, memoryMiB: 1 },
      tellWaiting: () => {},
      told: () => Promise.resolve(),
      run: async () => {
        started.push(job.id);
        if (job.id === 'broken') throw new Error('a fault of ours');
        return resultOf(job.id);
      },
    });
    const given = { redis, queueName: queue.name, concurrency: 10, gate, log: createLog('silent') };
    open.push(await consumeJobs(given, prepare));
    await add('broken');
    await add('next');
    await eventually('the next ran', () => started.includes('next'));
  });

  test('stay on the queue until all their events are kept', async () => {
    const gate = { admit: () => true, release: () => {}, isOpen: () => true };
    let keep = () => {};
    const kept = new Promise<void>((resolve) => {
      keep = resolve;
    });
    let hasEnded = false;
    const prepare = (job: TakenJob): PreparedJob => ({
      cost: { cores: 1, memoryMiB: 1 },
      tellWaiting: () => {},
      run: async () => resultOf(job.id),
      told: () => {
        hasEnded = true;
        return kept;
      },
    });
    const given = { redis, queueName: queue.name, concurrency: 10, gate, log: createLog('silent') };
    open.push(await consumeJobs(given, prepare));
    const job = await add('told-late');
    await eventually('the recording has ended', () => hasEnded);
    expect(await job.getState()).toBe('active');
    keep();
    await eventually('the job is over', async () => (await queue.getJob('told-late')) === undefined);
  });
});

function resultOf(recordingId: string, code?: Failure): RecordingResult {
  return buildResult({
    recordingId,
    callCid: 'default:a',
    sessionId: null,
    attempt: 1,
    reason: code ?? 'stopped',
    error: code ? { code, message: 'as told' } : null,
    start: null,
    files: [],
    warnings: [],
    endedAtUnixMs: 0,
  });
}
