import { Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import type { RecordingEvent, RecordingResult } from '../../shared/events/recordingEvents.ts';
import { connectAgain, JOB_NAME } from './queue.ts';

/** Puts one job on a queue and follows it until its result. `onEvent` takes every event. */
export async function followRecording(
  given: {
    redis: Redis;
    queueName: string;
    recordingId: string;
    payload: unknown;
  },
  onEvent: (event: RecordingEvent) => void,
): Promise<RecordingResult> {
  const { redis, queueName, recordingId, payload } = given;
  const queue = new Queue(queueName, { connection: redis });
  const connection = connectAgain(redis);
  // Listens from the present time of Redis' clock on: a listener that starts at "the newest" misses what
  // comes while it starts.
  const [seconds, microseconds] = await redis.time();
  const lastEventId = `${Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000) - 1}-0`;
  const events = new QueueEvents(queueName, { connection, lastEventId });
  try {
    await events.waitUntilReady();
    const ended = new Promise<RecordingResult>((resolve, reject) => {
      events.on('progress', ({ jobId, data }) => {
        if (jobId !== recordingId) return;
        const event = data as unknown as RecordingEvent;
        onEvent(event);
        if ('result' in event) resolve(event.result);
      });
      // A second start of a recording that is complete has no events of its own, only the result.
      events.on('completed', ({ jobId, returnvalue }) => {
        const result = returnvalue as unknown as RecordingResult;
        if (jobId === recordingId) setTimeout(() => resolve(result), 1_000).unref();
      });
      events.on('failed', ({ jobId, failedReason }) => {
        if (jobId === recordingId) setTimeout(() => reject(new Error(failedReason)), 1_000).unref();
      });
    });
    await queue.add(JOB_NAME, payload, { jobId: recordingId });
    return await ended;
  } finally {
    await events.close();
    await queue.close();
    connection.disconnect();
  }
}
