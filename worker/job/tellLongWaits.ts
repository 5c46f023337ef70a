import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';
import { messageOf } from '../recordingError.ts';
import type { JobsOfWorker } from './jobsOfWorker.ts';

const LOOK_EVERY_MS = 5_000;
/** So many jobs are looked at each time, those that have waited longest first. */
const MOST_AT_ONCE = 100;

/**
 * Tells of each job that has waited on the queue for `longMs` that it waits, because no worker has room to take it. Every
 * worker looks; each job is told of once.
 */
export function tellLongWaits(
  shared: JobsOfWorker,
  redis: Redis,
  longMs: number,
): { close(): Promise<void> } {
  const { worker, log } = shared;
  const queue = new Queue(worker.name, { connection: redis });
  queue.on('error', () => {}); // the worker reports the same
  let looking = Promise.resolve();
  let isLooking = false;
  const timer = setInterval(
    () => {
      if (isLooking) return; // Redis is away
      isLooking = true;
      looking = tellAll(shared, queue, longMs)
        .catch((error) => log.warn({ reason: messageOf(error) }, 'the jobs that wait cannot be read'))
        .finally(() => {
          isLooking = false;
        });
    },
    Math.min(LOOK_EVERY_MS, longMs),
  );
  return {
    close: async () => {
      clearInterval(timer);
      await looking;
      await queue.close();
    },
  };
}

async function tellAll({ store, runner }: JobsOfWorker, queue: Queue, longMs: number): Promise<void> {
  for (const job of await queue.getWaiting(0, MOST_AT_ONCE - 1)) {
    const fields = Date.now() - job.timestamp < longMs ? {} : await store.jobFields(String(job.id));
    if (fields.data === undefined || fields.toldWaiting !== undefined) continue;
    const events: RecordingEvent[] = [];
    const prepared = runner.prepareWaiting({ id: String(job.id), payload: job.data }, (event) =>
      events.push(event),
    );
    prepared.tellWaiting();
    for (const event of events)
      if (await store.publishWaiting(String(job.id), JSON.stringify(event))) prepared.hear(event);
  }
}
