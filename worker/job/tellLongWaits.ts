import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';
import { messageOf } from '../recordingError.ts';
import type { JobsOfWorker } from './jobsOfWorker.ts';

const LOOK_EVERY_MS = 5_000;
/** So many ids are read at once. */
const PAGE = 1_000;
/** BullMQ keeps jobs with a priority apart from the others. */
const KINDS = ['waiting', 'prioritized'] as const;

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
  let told: ReadonlySet<string> = new Set();
  const timer = setInterval(
    () => {
      if (isLooking) return; // Redis is away
      isLooking = true;
      looking = tellAll(shared, queue, longMs, told)
        .then((known) => {
          told = known;
        })
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

/** Tells every job of which `told` does not know that it was told. Resolves to those that wait and were told by now. */
async function tellAll(
  shared: JobsOfWorker,
  queue: Queue,
  longMs: number,
  told: ReadonlySet<string>,
): Promise<Set<string>> {
  const known = new Set<string>();
  for (const kind of KINDS)
    for (let at = 0; ; at += PAGE) {
      const ids = await queue.getRanges([kind], at, at + PAGE - 1, true);
      let isYoung = false;
      for (const id of ids) {
        isYoung = !told.has(id) && !(await tellOne(shared, id, longMs));
        if (!isYoung) known.add(id);
      }
      // Those without a priority wait in the order in which they came.
      if (ids.length < PAGE || (isYoung && kind === 'waiting')) break;
    }
  return known;
}

/** False where the job has not waited for long yet. */
async function tellOne({ store, runner }: JobsOfWorker, id: string, longMs: number): Promise<boolean> {
  const { data, timestamp, toldWaiting } = await store.jobFields(id);
  if (data === undefined || toldWaiting !== undefined) return true;
  if (Date.now() - Number(timestamp) < longMs) return false;
  const events: RecordingEvent[] = [];
  const prepared = runner.prepareWaiting({ id, payload: JSON.parse(data) }, (event) => events.push(event));
  prepared.tellWaiting();
  for (const event of events) if (await store.publishWaiting(id, JSON.stringify(event))) prepared.hear(event);
  return true;
}
