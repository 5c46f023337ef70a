import { QueueEventsProducer } from 'bullmq';
import type { Redis } from 'ioredis';
import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';

/** As many events as BullMQ keeps by itself. */
const MOST_EVENTS = 10_000;

/** Publishes an event of a recording that has no job any more as the progress of its job. */
export async function publishEvent(redis: Redis, queueName: string, event: RecordingEvent): Promise<void> {
  const producer = new QueueEventsProducer(queueName, { connection: redis });
  try {
    const data = JSON.stringify(event);
    await producer.publishEvent({ eventName: 'progress', jobId: event.recording_id, data }, MOST_EVENTS);
  } finally {
    await producer.close();
  }
}
