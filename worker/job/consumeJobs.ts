import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { RecordingResult } from '../../shared/events/recordingEvents.ts';
import { type CommandStream, followCommands, type SentCommand } from '../control/commandStream.ts';
import { inOrder } from '../events/inOrder.ts';
import type { Logger } from '../log.ts';
import { messageOf } from '../recordingError.ts';
import { awaitRoom } from './awaitRoom.ts';
import { jobOutcome } from './jobOutcome.ts';
import { keepLock } from './keepLock.ts';
import type { Gate, PreparedJob, TakenJob } from './takenJob.ts';

/** Long enough that a busy worker, or a Redis that restarts, is not mistaken for a lost worker. */
const LOCK_MS = 30_000;
/** How long one wait for a job may take, in seconds. A worker that is closed finishes its last wait first. */
const WAIT_FOR_JOB_S = 1;
/** How often a full worker checks whether it has room again. */
const LOOK_FOR_ROOM_MS = 200;
const AFTER_ERROR_MS = 1_000;

export interface Consumer {
  /** Takes no more jobs and ends running recordings as `worker_shutdown`. Resolves once they are stored. */
  close(): Promise<void>;
}

interface Given {
  readonly redis: Redis;
  readonly queueName: string;
  readonly concurrency: number;
  readonly gate: Gate;
  readonly log: Logger;
  /**
   * After this time a lost worker is noticed, and another one takes over its job. It is LOCK_MS unless given.
   */
  readonly lockMs?: number;
}

/**
 * Takes jobs off the queue one after another, in the queue's order, and only while there is room for an
 * ordinary recording. A job that needs more waits here until there is room, and no other job is taken
 * meanwhile, so small jobs cannot overtake it forever. Results and events go out through BullMQ.
 */
export async function consumeJobs(given: Given, prepare: (job: TakenJob) => PreparedJob): Promise<Consumer> {
  const { redis, queueName, concurrency, gate, log, lockMs = LOCK_MS } = given;
  const running = new Map<string, { readonly stop: AbortController; readonly done: Promise<void> }>();
  const carryOut = ({ recordingId, command }: SentCommand) => {
    if (command.type === 'stop') running.get(recordingId)?.stop.abort('stopped');
  };
  // Listening starts before the first job is taken, so that no command is missed in between.
  const commands = await followCommands(redis, queueName, carryOut, log);
  // Jobs are taken by hand, because BullMQ's own loop takes as many jobs as may run at once before it runs
  // the first.
  const worker = new Worker(queueName, null, {
    connection: redis,
    lockDuration: lockMs,
    stalledInterval: lockMs,
    drainDelay: WAIT_FOR_JOB_S,
    // Results are kept in events, records and storage. The queue keeps no finished job, so its keys do not
    // grow.
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  worker.on('error', (error) => log.error({ err: error }, 'the queue reported an error'));
  await worker.waitUntilReady();
  await worker.startStalledCheckTimer();
  let isClosing = false;
  const consuming = consume();

  async function consume(): Promise<void> {
    while (!isClosing) {
      if (running.size >= concurrency || !gate.isOpen()) {
        await wait(LOOK_FOR_ROOM_MS);
        continue;
      }
      try {
        await takeOne();
      } catch (error) {
        if (isClosing) return;
        log.error({ reason: messageOf(error) }, 'no job can be taken; the worker tries again');
        await wait(AFTER_ERROR_MS);
      }
    }
  }

  /** Resolves once the taken job has room or is over. Until then no other job is taken. */
  async function takeOne(): Promise<void> {
    const token = randomUUID();
    const job = await worker.getNextJob(token);
    if (!job) return;
    const id = String(job.id);
    const stop = new AbortController();
    if (isClosing) stop.abort('worker_shutdown');
    await new Promise<void>((placed) => {
      const done = runJob({ job, token, lockMs, stop, gate, commands, carryOut, log, prepare, placed })
        .catch((error) =>
          log.error({ err: error, recordingId: id }, 'the job could not be finished on the queue'),
        )
        .finally(() => {
          running.delete(id);
          placed();
        });
      running.set(id, { stop, done });
    });
  }

  return {
    close: async () => {
      isClosing = true;
      for (const { stop } of running.values()) stop.abort('worker_shutdown');
      await consuming;
      await Promise.all([...running.values()].map(({ done }) => done));
      await worker.close();
      commands.close();
    },
  };
}

interface JobRun {
  readonly job: Job;
  readonly token: string;
  readonly lockMs: number;
  readonly stop: AbortController;
  readonly gate: Gate;
  readonly commands: CommandStream;
  readonly carryOut: (command: SentCommand) => void;
  readonly log: Logger;
  readonly prepare: (job: TakenJob) => PreparedJob;
  /** Called once there is room for the job. */
  readonly placed: () => void;
}

/** Handles one job until the queue knows how it ended. */
async function runJob(given: JobRun): Promise<void> {
  const { job, token, stop, commands, log } = given;
  const id = String(job.id);
  const lock = keepLock(job, token, given.lockMs, log);
  const events = inOrder((event) => job.updateProgress(event), log);
  const hasMoreAttempts = attemptOf(job) < (job.opts.attempts ?? 1);
  try {
    for (const sent of await commands.pendingFor(id)) given.carryOut(sent);
    const attempt = attemptOf(job);
    const { publish } = events;
    const taken = { id, payload: job.data, attempt, hasMoreAttempts, stop: stop.signal, publish };
    const result = await runWithRoom(given.prepare(taken), given);
    await events.settled();
    if (result === null) {
      await job.moveToWait(token);
      return;
    }
    await commands.forget(id);
    await report(job, token, result, hasMoreAttempts);
  } catch (error) {
    // This is a fault of the worker. The queue decides whether the job is tried again.
    await job.moveToFailed(error as Error, token, false);
    throw error;
  } finally {
    lock.release();
  }
}

/**
 * Waits for room, runs the job and releases the room. Resolves to null if the job must be given back to the
 * queue.
 */
async function runWithRoom(
  prepared: PreparedJob,
  { job, gate, stop, placed }: JobRun,
): Promise<RecordingResult | null> {
  const id = String(job.id);
  try {
    const waiting = { id, cost: prepared.cost, gate, stop: stop.signal };
    const room = await awaitRoom(waiting, prepared.tellWaiting);
    if (room === 'given_back') return null;
    placed();
    return await prepared.run();
  } finally {
    gate.release(id);
  }
}

function attemptOf(job: Job): number {
  return job.attemptsMade + job.stalledCounter + 1;
}

async function report(
  job: Job,
  token: string,
  result: RecordingResult,
  hasMoreAttempts: boolean,
): Promise<void> {
  let returned: RecordingResult;
  try {
    returned = jobOutcome(result, hasMoreAttempts);
  } catch (error) {
    await job.moveToFailed(error as Error, token, false);
    return;
  }
  await job.moveToCompleted(returned, token, false);
}
