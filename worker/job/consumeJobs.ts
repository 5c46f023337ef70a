import { type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { RecordingEvent, RecordingResult } from '../../shared/recordingEvents.ts';
import type { Logger } from '../log.ts';
import { jobOutcome } from './jobOutcome.ts';
import { forgetStop, listenForStops, wasStopRequested } from './stopRequests.ts';

/** A worker that is lost is noticed after this long, and its job taken up by another. */
const LOCK_MS = 30_000;

/** One job as the worker is handed it. The signal's reason is the end reason. */
export interface TakenJob {
  readonly id: string;
  readonly payload: unknown;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly stop: AbortSignal;
  publish(event: RecordingEvent): void;
}

export interface Consumer {
  /** Takes no more jobs; ends running recordings as `worker_shutdown`; resolves once they are stored. */
  close(): Promise<void>;
}

/** Takes jobs off the queue and hands each to `record`; results and events go out through BullMQ. */
export async function consumeJobs(
  given: { redis: Redis; queueName: string; concurrency: number; log: Logger },
  record: (job: TakenJob) => Promise<RecordingResult>,
): Promise<Consumer> {
  const { redis, queueName, concurrency, log } = given;
  const running = new Map<string, AbortController>();

  async function process(job: Job): Promise<RecordingResult> {
    const id = String(job.id);
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
  worker.on('error', (error) => log.error({ err: error }, 'queue error'));
  const stopListening = await listenForStops(redis, (id) => running.get(id)?.abort('stopped'));
  await worker.waitUntilReady();
  return {
    close: async () => {
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
