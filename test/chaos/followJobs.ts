import { randomUUID } from 'node:crypto';
import { Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import type { RecordingEvent, RecordingResult } from '../../shared/events/recordingEvents.ts';
import { connectAgain, JOB_NAME } from '../../worker/job/queue.ts';
import { eventually } from '../support/eventually.ts';
import { QUEUE } from './openWorld.ts';

/** What became of one job. Times are in seconds from when all jobs were on the queue. */
export interface FollowedJob {
  /** When it was first told of: it waits, or starts. Infinity where it never was. */
  readonly toldOfAfterS: number;
  /** When a worker began with it; Infinity where none did. */
  readonly startedAfterS: number;
  readonly results: readonly RecordingResult[];
}

/** Puts these jobs on the queue, in this order, and listens to all of them. */
export async function followJobs(
  redis: Redis,
  payloads: readonly Readonly<Record<string, unknown>>[],
): Promise<{
  /** Resolves once each has a result. Throws if one has none within so many seconds. */
  ended(withinS: number): Promise<FollowedJob[]>;
}> {
  const connection = connectAgain(redis);
  const queue = new Queue(QUEUE, { connection: redis });
  const [seconds] = await redis.time();
  const listener = new QueueEvents(QUEUE, { connection, lastEventId: `${Number(seconds) * 1000}-0` });
  const heard = new Map(
    payloads.map(() => [randomUUID(), [] as { event: RecordingEvent; atMs: number }[]] as const),
  );
  listener.on('progress', ({ jobId, data }) => {
    heard.get(jobId as ReturnType<typeof randomUUID>)?.push({
      event: data as unknown as RecordingEvent,
      atMs: performance.now(),
    });
  });
  await listener.waitUntilReady();
  const ids = [...heard.keys()];
  await queue.addBulk(payloads.map((data, index) => ({ name: JOB_NAME, data, opts: { jobId: ids[index] } })));
  const addedMs = performance.now();

  return {
    ended: async (withinS) => {
      const all = [...heard.values()];
      const haveEnded = () => all.every((events) => events.some(({ event }) => 'result' in event));
      await eventually('every job has a result', haveEnded, { withinMs: withinS * 1000 });
      await listener.close();
      await queue.close();
      connection.disconnect();
      return all.map((events) => {
        const afterS = (is: (event: RecordingEvent) => boolean) =>
          ((events.find(({ event }) => is(event))?.atMs ?? Number.POSITIVE_INFINITY) - addedMs) / 1000;
        return {
          toldOfAfterS: afterS(() => true),
          startedAfterS: afterS((event) => 'phase' in event && event.phase === 'launching'),
          results: events.flatMap(({ event }) => ('result' in event ? [event.result] : [])),
        };
      });
    },
  };
}
