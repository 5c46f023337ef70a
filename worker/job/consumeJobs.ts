import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import pTimeout from 'p-timeout';
import { followCommands, type SentCommand } from '../control/commandStream.ts';
import { answerWithPicture } from '../control/pictures.ts';
import type { Lease } from '../lease/lease.ts';
import { createLeaseStore } from '../lease/leaseStore.ts';
import { areTogether, thisProcess } from '../lease/processIdentity.ts';
import { createSuccessorStore } from '../lease/successorStore.ts';
import { type LeaseWatch, watchLeases } from '../lease/watchLeases.ts';
import type { Logger } from '../log.ts';
import { messageOf } from '../recordingError.ts';
import { afterReconnect } from './afterReconnect.ts';
import { createCallsAhead } from './callsAhead.ts';
import {
  type HeldJob,
  hold,
  type JobRecords,
  type JobsOfWorker,
  type LeaseTiming,
  newLease,
} from './jobsOfWorker.ts';
import { type Leaving, leaveQueue } from './leaveQueue.ts';
import { passOver } from './passOver.ts';
import { bringBack, bringOneBack } from './seatOfJob.ts';
import { type JobRun, startJob } from './startJob.ts';
import type { Gate, JobRunner, Seats } from './takenJob.ts';
import { takeOver } from './takeOver.ts';
import { tellLongWaits } from './tellLongWaits.ts';

/** BullMQ wants a lock on a job that is brought to its end. Each beat of the lease renews it. */
const LOCK_MS = 60_000;
/** How long one wait for a job may take, in seconds. A worker that is closed finishes its last wait first. */
const WAIT_FOR_JOB_S = 1;
/** How often a full worker checks whether it has room again. */
const LOOK_FOR_ROOM_MS = 200;
const AFTER_ERROR_MS = 1_000;
/** How often a job is begun whose lease another worker still holds, a beat apart. */
const MOST_BEGIN_TRIES = 5;
/**
 * Once everything is stored, a worker that leaves waits this long for a queue that does not answer, within its grace
 * period; at its end for the shorter time.
 */
const LEAVE_LIMIT_MS = 5_000;
const LAST_LIMIT_MS = 500;
const LEAVE_TOGETHER_MS = 300;
/** A Redis that does not answer for this long cannot help with handing over either. */
const ASK_LIMIT_MS = 2_000;
/** A beat each second; ten missing ones, and the recording is taken over. */
const TIMING: LeaseTiming = {
  beatMs: 1_000,
  silentMs: 10_000,
  lookMs: 250,
  settleMs: 5_000,
  longWaitMs: 30_000,
};

export interface Consumer {
  /** Takes no more jobs, and ends or hands over running recordings. Resolves once they are stored. */
  close(): Promise<void>;
}

interface Given {
  readonly redis: Redis;
  readonly queueName: string;
  readonly concurrency: number;
  readonly gate: Gate;
  readonly seats: Seats;
  readonly runner: JobRunner;
  readonly records: JobRecords;
  readonly leaving: Leaving;
  readonly log: Logger;
  /** As TIMING unless given. */
  readonly timing?: LeaseTiming;
  /** As WAIT_FOR_JOB_S unless given. */
  readonly waitForJobS?: number;
}

/**
 * Takes jobs off the queue one after another, in the queue's order, and only while there is room for an
 * ordinary recording. A job that needs more waits here until there is room, and no other job is taken
 * meanwhile, so small jobs cannot overtake it forever. Recordings of workers that are lost, or leave, go on here.
 */
export async function consumeJobs(given: Given): Promise<Consumer> {
  const { redis, queueName, concurrency, gate, log, timing = TIMING } = given;
  // By token: this worker may take over a job that it has lost itself.
  const running = new Map<string, JobRun>();
  // Listening starts before the first job is taken, so that no command is missed in between.
  const worker = await openQueue(given);
  const store = createLeaseStore(redis, queueName, (name) => worker.toKey(name), LOCK_MS);
  const followed = (sent: SentCommand) => {
    for (const { id, tell } of running.values()) if (id === sent.recordingId) tell(sent);
    callsAhead.tell(sent);
    if (sent.command.type === 'stop')
      bringOneBack({ worker, store, log }, sent.recordingId).catch((error) =>
        log.warn({ recordingId: sent.recordingId, reason: messageOf(error) }, 'it is stopped later'),
      );
  };
  const onPictureAsked = (recordingId: string) => {
    for (const { id, picture } of running.values())
      if (id === recordingId)
        picture()
          .then((jpeg) => jpeg && answerWithPicture(redis, queueName, id, jpeg))
          .catch((error) => log.warn({ recordingId, reason: messageOf(error) }, 'no picture is told'));
  };
  const commands = await followCommands(redis, queueName, followed, log, onPictureAsked);
  const here = thisProcess();
  const successors = createSuccessorStore(redis, queueName);
  const own = { worker, store, successors, here, timing, commands, told: new Set<string>() };
  const shared: JobsOfWorker = { ...given, ...own };
  const callsAhead = createCallsAhead(shared);
  const reconnected = afterReconnect(redis, timing.settleMs);
  let isClosing = false;
  const capturing = () => [...running.values()].filter((run) => run.needsRoom()).length;
  const mayTake = () => !isClosing && capturing() + callsAhead.count() < concurrency;
  const mayGoOnWith = (id: string) =>
    mayTake() || (!isClosing && callsAhead.has(id) && capturing() < concurrency);
  const watch: LeaseWatch = watchLeases(
    {
      ...{
        store,
        here,
        timing,
        workerId: randomUUID(),
        warn: (message, details) => log.warn(details, message),
      },
      isLeaving: () => isClosing,
    },
    async (view) => {
      if (isClosing) return void callsAhead.close();
      await takeOver(shared, callsAhead, view, (owner) => running.has(owner), run, mayGoOnWith);
      await callsAhead.keep(view);
      if (mayTake()) await callsAhead.open(view);
    },
  );
  const longWaits = tellLongWaits(shared, redis, timing.longWaitMs);
  const consuming = consume();

  async function consume(): Promise<void> {
    while (!isClosing) {
      await reconnected.settled();
      if (!mayTake() || !gate.isOpen()) {
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
    const pass = await passOver(shared, watch.now(), (owner) => running.has(owner));
    if (pass === null) return wait(LOOK_FOR_ROOM_MS);
    await bringBack(shared);
    const token = randomUUID();
    const job = await worker.getNextJob(token).catch(async (error) => {
      await pass.takeBack();
      throw error;
    });
    if (!job) return pass.takeBack();
    await reconnected.settled();
    const id = String(job.id);
    const lease = await beginSoon(id, token);
    if (lease === null)
      // Redis has forgotten that it runs: whoever holds it writes it again, or is found to be lost.
      return log.warn(
        { recordingId: id },
        'a job is on the queue although a worker holds it; it is left alone',
      );
    const fields = await store.jobFields(id);
    // Whoever held it has ended it meanwhile.
    if (Object.keys(fields).length === 0) return store.end({ id, ...lease });
    const held = hold(shared, { job, lease, fields, manifest: null });
    const none = { manifest: null, outOfReach: null, hasRoom: false, ahead: null };
    const started = run({ job, token, held, fields, ...none });
    await started.placed;
    if (started.isPutAside()) await pass.takeBack();
  }

  /** Whoever gives a job back removes its lease a moment later. */
  async function beginSoon(id: string, token: string): Promise<Lease | null> {
    for (let tries = 1; ; tries++) {
      const lease = await store.begin(id, newLease(here, token));
      if (lease !== null || tries === MOST_BEGIN_TRIES) return lease;
      await wait(timing.beatMs);
    }
  }

  function run(mine: HeldJob): JobRun {
    const started = startJob(shared, mine);
    running.set(mine.token, started);
    void started.done.finally(() => running.delete(mine.token));
    // It was taken in the moment in which this worker was told to leave: whoever comes next goes on with it.
    if (isClosing) started.stop.abort('handed_over');
    return started;
  }

  /** Whether another worker runs that may go on with recordings: one that sees the same files. */
  async function canHandOver(): Promise<boolean> {
    await watch.refresh();
    // Workers that are told to leave at the same time have told each other by then.
    await wait(LEAVE_TOGETHER_MS);
    return (await watch.refresh()).others.some((other) => areTogether(other, here));
  }

  async function closeQueue(): Promise<void> {
    await consuming;
    await longWaits.close();
    await watch.close();
    await callsAhead.close();
    await Promise.all([...running.values()].map(({ done }) => done));
    await worker.close();
  }

  return {
    close: async () => {
      isClosing = true;
      const endsAtMs = performance.now() + given.leaving.graceMs;
      const leftMs = () => endsAtMs - performance.now();
      const isAnyoneThere = () => pTimeout(canHandOver(), { milliseconds: ASK_LIMIT_MS }).catch(() => false);
      const runs = () => [...running.values()];
      const leaving = { ...given.leaving, graceMs: leftMs() };
      await leaveQueue({ leaving, runs, isAnyoneThere, log });
      const limitMs = Math.max(LAST_LIMIT_MS, Math.min(LEAVE_LIMIT_MS, leftMs()));
      await pTimeout(closeQueue(), { milliseconds: limitMs }).catch((error) =>
        log.warn({ reason: messageOf(error) }, 'leaving although the queue does not answer'),
      );
      reconnected.close();
      commands.close();
    },
  };
}

/** BullMQ's own waits ten seconds for a job where another one is delayed. */
class ImpatientWorker extends Worker {
  override get maximumBlockTimeout(): number {
    return this.opts.drainDelay ?? WAIT_FOR_JOB_S;
  }
}

/**
 * Jobs are taken by hand, because BullMQ's own loop takes as many jobs as may run at once before it runs the first. Its
 * check for stalled jobs is not started: the watch over the leases does that.
 */
async function openQueue({ redis, queueName, log, waitForJobS = WAIT_FOR_JOB_S }: Given): Promise<Worker> {
  const worker = new ImpatientWorker(queueName, null, {
    connection: redis,
    lockDuration: LOCK_MS,
    skipStalledCheck: true,
    drainDelay: waitForJobS,
    // Results are kept in events, records and storage. The queue keeps no finished job, so its keys do not
    // grow.
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  worker.on('error', (error) => log.error({ err: error }, 'the queue reported an error'));
  await worker.waitUntilReady();
  return worker;
}
