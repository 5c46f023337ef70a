import { DelayedError, type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { RecordingEvent, RecordingResult } from '../../shared/events/recordingEvents.ts';
import type { Logger } from '../log.ts';
import { jobOutcome } from './jobOutcome.ts';
import { forgetStop, listenForStops, wasStopRequested } from './stopRequests.ts';

/** A worker that is lost is noticed after this long, and its job taken up by another. */
const LOCK_MS = 30_000;

/** A job this machine has no room for is offered again after this long, to whichever worker is free then. */
const OFFER_AGAIN_MS = 1_000;

/** One job as the worker is handed it. The signal's reason is the end reason. */
export interface TakenJob {
  readonly id: string;
  readonly payload: unknown;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly stop: AbortSignal;
  publish(event: RecordingEvent): void;
}

/** The say of this machine in what is recorded on it. */
export interface Gate {
  /** Whether the job may run here now; what it needs is then booked until it is let go. */
  admit(id: string, payload: unknown): boolean;
  release(id: string): void;
  /** Whether an ordinary recording would be let in now. */
  isOpen(): boolean;
}

export interface Consumer {
  /** Takes no more jobs; ends running recordings as `worker_shutdown`; resolves once they are stored. */
  close(): Promise<void>;
}

/** Takes jobs off the queue and hands each to `record`; results and events go out through BullMQ. */
export async function consumeJobs(
  given: { redis: Redis; queueName: string; concurrency: number; gate: Gate; log: Logger },
  record: (job: TakenJob) => Promise<RecordingResult>,
): Promise<Consumer> {
  const { redis, queueName, concurrency, gate, log } = given;
  const running = new Map<string, AbortController>();

  async function process(job: Job, token?: string): Promise<RecordingResult> {
    const id = String(job.id);
    if (!gate.admit(id, job.data)) {
      log.info({ recordingId: id }, 'no room for this job now; left to another worker');
      await job.moveToDelayed(Date.now() + OFFER_AGAIN_MS, token);
      throw new DelayedError();
    }
    const stop = new AbortController();
    running.set(id, stop);
    if (await wasStopRequested(redis, id)) stop.abort('stopped');
    const events = inOrder(job, log);
    try {
      const attempt = job.attemptsMade + 1;
      return jobOutcome(
        await record({
          id,
          payload: job.data,
          attempt,
          stop: stop.signal,
          publish: events.publish,
        }),
      );
    } finally {
      running.delete(id);
      gate.release(id);
      await events.settled();
      await forgetStop(redis, id);
    }
  }

  const worker = new Worker(queueName, process, {
    connection: redis,
    concurrency,
    lockDuration: LOCK_MS,
    // Results live in events and storage; the queue keeps no finished job, so its keys do not grow.
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  // A full worker does not even take a job: the next free one gets it at once.
  const follow = () => {
    worker.concurrency = gate.isOpen() ? concurrency : Math.max(1, running.size);
  };
  const following = setInterval(follow, OFFER_AGAIN_MS);
  worker.on('active', follow).on('completed', follow).on('failed', follow);
  worker.on('error', (error) => log.error({ err: error }, 'queue error'));
  const stopListening = await listenForStops(redis, (id) => running.get(id)?.abort('stopped'));
  await worker.waitUntilReady();
  return {
    close: async () => {
      clearInterval(following);
      for (const stop of running.values()) stop.abort('worker_shutdown');
      await worker.close();
      stopListening();
    },
  };
}

/** Publishes events as the job's progress, one after another; a failure is logged and never reaches the recording. */
function inOrder(job: Job, log: Logger) {
  let queue: Promise<void> = Promise.resolve();
  return {
    publish: (event: RecordingEvent) => {
      queue = queue
        .then(() => job.updateProgress(event))
        .catch((error) => log.warn({ err: error, type: event.type }, 'event not published'));
    },
    settled: () => queue,
  };
}
