import type { Redis } from 'ioredis';
import { answersOf } from '../answersOf.ts';

/** What a worker tells of itself. */
export interface WorkerNote {
  /** New for each start of a worker. */
  readonly id: string;
  readonly version: string;
  readonly host: string;
  readonly startedAt: string;
  /** The recordings that it has, whoever they belong to. */
  readonly recordings: readonly string[];
  /** How many it may have at once; null for as many as the machine can carry. */
  readonly concurrency: number | null;
  readonly isLeaving: boolean;
  /** What is left for further recordings. */
  readonly room: { readonly cores: number; readonly memoryMiB: number };
}

/** The workers of a queue. */
export interface WorkerRegistry {
  /** Notes a worker. It is forgotten by itself unless it is noted again in time. */
  note(worker: WorkerNote): Promise<void>;
  forget(id: string): Promise<void>;
  /** The workers that were noted lately, the one that was started first at the beginning. */
  list(): Promise<WorkerNote[]>;
}

/** A worker of which nothing was heard for this long is gone, like one whose leases are silent. */
export const FORGOTTEN_AFTER_MS = 10_000;

/** Keeps each worker under a key of its own and their ids in a set, which Redis deletes in time. */
export function redisWorkerRegistry(redis: Redis, queueName: string): WorkerRegistry {
  const ids = `call-compositor:${queueName}:registry`;
  const keyOf = (id: string) => `call-compositor:${queueName}:registry:${id}`;
  return {
    note: async (worker) => {
      const writes = redis
        .multi()
        .set(keyOf(worker.id), JSON.stringify(worker), 'PX', FORGOTTEN_AFTER_MS)
        .sadd(ids, worker.id)
        .pexpire(ids, FORGOTTEN_AFTER_MS);
      await answersOf(writes);
    },
    forget: async (id) => {
      await redis.multi().del(keyOf(id)).srem(ids, id).exec();
    },
    list: async () => {
      const known = await redis.smembers(ids);
      if (known.length === 0) return [];
      const texts = await redis.mget(known.map(keyOf));
      const gone = known.filter((_, at) => texts[at] === null);
      // One that was silent for long and has come back is in the set again with its next note.
      if (gone.length > 0) await redis.srem(ids, ...gone);
      const workers = texts.flatMap((text) => (text == null ? [] : [JSON.parse(text) as WorkerNote]));
      return workers.sort((one, other) => one.startedAt.localeCompare(other.startedAt));
    },
  };
}
