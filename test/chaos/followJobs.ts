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

export interface FollowedJobs {
  /** Resolves once a worker has begun with each. Throws if that is not so within so many seconds. */
  started(withinS: number): Promise<unknown>;
  /** Resolves once each has a result. Throws if one has none within so many seconds. */
  ended(withinS: number): Promise<FollowedJob[]>;
  close(): Promise<void>;
}

/** Puts these jobs on the queue, in this order, and listens to all of them. */
export async function followJobs(redis: Redis, payloads: readonly object[]): Promise<FollowedJobs> {
  const connection = connectAgain(redis);
  const queue = new Queue(QUEUE, { connection: redis });
  const [seconds] = await redis.time();
  const listener = new QueueEvents(QUEUE, { connection, lastEventId: `${Number(seconds) * 1000}-0` });
  // A lost connection is made again by itself.
  queue.on('error', () => {});
  listener.on('error', () => {});
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

  const all = [...heard.values()];
  const allHave = (what: string, is: (event: RecordingEvent) => boolean, withinS: number) =>
    eventually(what, () => all.every((events) => events.some(({ event }) => is(event))), {
      withinMs: withinS * 1000,
    });

  return {
    started: (withinS) => allHave('every job has started', hasStarted, withinS),
    ended: async (withinS) => {
      await allHave('every job has a result', (event) => 'result' in event, withinS);
      return all.map((events) => {
        const afterS = (is: (event: RecordingEvent) => boolean) =>
          ((events.find(({ event }) => is(event))?.atMs ?? Number.POSITIVE_INFINITY) - addedMs) / 1000;
        return {
          toldOfAfterS: afterS(() => true),
          startedAfterS: afterS(hasStarted),
          results: events.flatMap(({ event }) => ('result' in event ? [event.result] : [])),
        };
      });
    },
    close: async () => {
      await listener.close();
      await queue.close();
      connection.disconnect();
    },
  };
}

function hasStarted(event: RecordingEvent): boolean {
  return event.type === 'call.recording_phase' && event.phase === 'launching';
}
