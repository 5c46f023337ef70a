import type { Redis } from 'ioredis';
import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';

/** So many events are kept in the stream, about: those of some ten thousand recordings. */
export const MOST_IN_STREAM = 100_000;
/** The position before every event. */
export const BEGINNING = '0-0';

/** All events of a queue but progress, in one Redis stream that anyone may tail: the field `event` holds JSON. */
export const eventStreamOf = (queueName: string) => `call-compositor:${queueName}:events`;

export interface StreamedEvent {
  readonly position: string;
  readonly event: RecordingEvent;
}

/** Reads the events of a queue in the order in which they were kept. */
export interface EventReader {
  /** Events after a position, at most 100; waits up to `waitMs` for the first one, and not at all without it. */
  after(position: string, waitMs?: number): Promise<StreamedEvent[]>;
  /** The position of the newest event. */
  newest(): Promise<string>;
}

/** `redis` is blocked while a read waits, so it is a connection of its own where any does. */
export function readEvents(redis: Redis, queueName: string): EventReader {
  const stream = eventStreamOf(queueName);
  return {
    after: async (position, waitMs) => {
      const read =
        waitMs === undefined
          ? redis.xread('COUNT', 100, 'STREAMS', stream, position)
          : redis.xread('COUNT', 100, 'BLOCK', waitMs, 'STREAMS', stream, position);
      const [entries = []] = ((await read) ?? []).map(([, found]) => found);
      return entries.map(([id, fields]) => ({
        position: id,
        event: JSON.parse(fields[1] ?? '') as RecordingEvent,
      }));
    },
    newest: async () => (await redis.xrevrange(stream, '+', '-', 'COUNT', 1))[0]?.[0] ?? BEGINNING,
  };
}
