import { createHash } from 'node:crypto';
import { DelayedError, type Job, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import pRetry from 'p-retry';
import pTimeout from 'p-timeout';
import type { Logger } from '../log.ts';
import { messageOf } from '../recordingError.ts';
import type { TranscriptTask } from './transcriptTask.ts';

/** What is known of a task when it is tried. */
export interface Try {
  /** How often it has failed so far. */
  readonly failures: number;
  /** How long ago it was put on the queue. */
  readonly ageMs: number;
  /** Aborted where this worker leaves. */
  readonly cancel: AbortSignal;
}

/** What comes of a try. later: it has failed, and may succeed later. elsewhere: another machine has the sound. */
export type Outcome = 'done' | 'later' | 'elsewhere';

/** The transcripts that are still to be made, in a queue of their own that outlives recordings and workers. */
export interface TranscriptQueue {
  /** Puts a task on the queue; it waits in memory while Redis is away. A task that is there, or is done, is not put again. */
  put(task: TranscriptTask): void;
  /** Resolves once Redis has everything that was put so far. Never rejects. */
  kept(): Promise<void>;
  /** How many tasks are not done. */
  waiting(): Promise<number>;
  /** Takes no more tasks, and gives back those that run. */
  close(): Promise<void>;
}

/** As many services are asked at once by one worker. Each holds one part of a sound in memory, twice. */
const AT_ONCE = 4;
/** A task that is done is remembered for this long, because its recording may be told to have ended once more. */
const REMEMBERED_S = 24 * 60 * 60;
const SHORTEST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** How soon a task whose sound is on another machine is handed to whoever comes next. */
const ELSEWHERE_MS = 1_000;
/** After this time a worker that tells nothing must have been lost. */
const LOCK_MS = 30_000;
const CLOSE_LIMIT_MS = 2_000;
const RETRY = { retries: Number.POSITIVE_INFINITY, minTimeout: 500, maxTimeout: 10_000, unref: true };

interface Kept extends TranscriptTask {
  readonly failures?: number;
}

/**
 * Opens the queue. `make` tries to make a transcript; what it throws is a fault, after which the task is tried again like
 * one that has failed: after 5 s, 10 s, 20 s and so on up to 15 min.
 */
export function openTranscriptQueue(
  redis: Redis,
  queueName: string,
  make: (task: TranscriptTask, given: Try) => Promise<Outcome>,
  log: Logger,
): TranscriptQueue {
  const name = nameOf(queueName);
  const queue = new Queue<Kept>(name, { connection: redis });
  const leaving = new AbortController();
  const worker = new Worker<Kept>(name, tryOne, {
    connection: redis,
    concurrency: AT_ONCE,
    lockDuration: LOCK_MS,
    // However often its workers are lost, a task is not.
    maxStalledCount: 1_000_000,
  });
  // A lost connection is made again by itself.
  queue.on('error', () => {});
  worker.on('error', () => {});
  let putting: Promise<unknown> = Promise.resolve();

  async function tryOne(job: Job<Kept>, token?: string): Promise<void> {
    const { failures = 0, ...task } = job.data;
    const given = { failures, ageMs: Date.now() - job.timestamp, cancel: leaving.signal };
    const outcome = await make(task, given).catch((error) => {
      log.error({ err: error, recordingId: task.recordingId }, 'a transcript could not be made');
      return 'later' as const;
    });
    if (outcome === 'done') return;
    const isLeft = leaving.signal.aborted;
    const waitMs = isLeft ? 0 : outcome === 'elsewhere' ? ELSEWHERE_MS : waitAfter(failures);
    if (!isLeft && outcome === 'later') await job.updateData({ ...task, failures: failures + 1 });
    await job.moveToDelayed(Date.now() + waitMs, token);
    throw new DelayedError();
  }

  async function add(task: TranscriptTask): Promise<void> {
    const { recordingId } = task;
    await pRetry(() => queue.add('transcribe', task, optionsOf(task)), {
      ...RETRY,
      onFailedAttempt: ({ attemptNumber, error }) => {
        if (attemptNumber === 1)
          log.warn({ recordingId, reason: messageOf(error) }, 'a transcript waits in memory for Redis');
      },
    });
  }

  return {
    put: (task) => {
      putting = Promise.all([putting, add(task)]);
    },
    kept: async () => void (await putting),
    waiting: async () => {
      const counts = await queue.getJobCounts('waiting', 'active', 'delayed');
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },
    close: async () => {
      leaving.abort();
      // What is not given back in time is free for others when its lock ends.
      await pTimeout(worker.close(), { milliseconds: CLOSE_LIMIT_MS, fallback: () => worker.close(true) });
      await queue.close();
    },
  };
}

function optionsOf({ recordingId, endedAt }: TranscriptTask) {
  const jobId = createHash('sha256')
    .update(JSON.stringify([recordingId, endedAt]))
    .digest('hex');
  return { jobId, removeOnComplete: { age: REMEMBERED_S }, removeOnFail: { age: REMEMBERED_S } };
}

function waitAfter(failures: number): number {
  return Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** failures);
}

const nameOf = (queueName: string) => `${queueName}-transcripts`;

/** Deletes everything, because the queue was made for one recording and is no longer used. */
export async function forgetTranscripts(redis: Redis, queueName: string): Promise<void> {
  const queue = new Queue(nameOf(queueName), { connection: redis });
  await queue.obliterate({ force: true });
  await queue.close();
}

const droppedKey = (queueName: string, recordingId: string) =>
  `call-compositor:${queueName}:transcript-dropped:${recordingId}`;

/** Nobody wants the transcript of this recording any more, because the recording was deleted. */
export async function dropTranscript(redis: Redis, queueName: string, recordingId: string): Promise<void> {
  await redis.set(droppedKey(queueName, recordingId), '1', 'EX', 2 * REMEMBERED_S);
}

export async function isTranscriptDropped(
  redis: Redis,
  queueName: string,
  recordingId: string,
): Promise<boolean> {
  return (await redis.exists(droppedKey(queueName, recordingId))) === 1;
}
