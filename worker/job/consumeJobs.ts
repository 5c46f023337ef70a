import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import pTimeout from 'p-timeout';
import { followCommands, type SentCommand } from '../control/commandStream.ts';
import type { Logger } from '../log.ts';
import { messageOf } from '../recordingError.ts';
import { type JobRun, startJob } from './startJob.ts';
import type { Gate, PreparedJob, TakenJob } from './takenJob.ts';

/** Long enough that a busy worker, or a Redis that restarts, is not mistaken for a lost worker. */
const LOCK_MS = 30_000;
/** How long one wait for a job may take, in seconds. A worker that is closed finishes its last wait first. */
const WAIT_FOR_JOB_S = 1;
/** How often a full worker checks whether it has room again. */
const LOOK_FOR_ROOM_MS = 200;
const AFTER_ERROR_MS = 1_000;
/** Once everything is stored, a worker that leaves waits this long for a queue that does not answer. */
const LEAVE_LIMIT_MS = 10_000;

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
  // By lock: this worker may take over a job that it has lost itself.
  const running = new Map<string, JobRun>();
  const carryOut = ({ recordingId, command }: SentCommand) => {
    for (const { id, stop } of running.values())
      if (id === recordingId && command.type === 'stop') stop.abort('stopped');
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
  /** Jobs that have been told to wait, so that each is told once and not at every look. */
  const told = new Set<string>();
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
    const run = startJob({ job, token, lockMs, gate, commands, carryOut, told, log, prepare });
    running.set(token, run);
    void run.done.finally(() => running.delete(token));
    if (isClosing) run.stop.abort('worker_shutdown');
    await run.placed;
  }

  async function leaveQueue(): Promise<void> {
    await consuming;
    await Promise.all([...running.values()].map(({ done }) => done));
    await worker.close();
  }

  return {
    close: async () => {
      isClosing = true;
      for (const { stop } of running.values()) stop.abort('worker_shutdown');
      await Promise.all([...running.values()].map(({ stored }) => stored));
      await pTimeout(leaveQueue(), { milliseconds: LEAVE_LIMIT_MS }).catch((error) =>
        log.warn({ reason: messageOf(error) }, 'leaving although the queue does not answer'),
      );
      commands.close();
    },
  };
}
