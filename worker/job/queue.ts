import { setTimeout as wait } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { messageOf, RecordingError } from '../recordingError.ts';

const CONNECT_LIMIT_MS = 5_000;
const RETRY_EVERY_MS = 200;
/** How soon a lost connection is made again: owners of recordings must be among the first to come back. */
const LONGEST_RECONNECT_MS = 500;
/**
 * A connection on which nothing comes for this long after a command is made again: long before the leases of this worker
 * would be silent. The connections made from it may wait longer, because the longest read of a queue takes 10 s.
 */
const SILENT_SOCKET_MS = 4_000;
const SILENT_READER_MS = 20_000;

/** Clients of the API wait for an answer for 3 s or more. */
const ANSWERED_WITHIN_MS = 2_000;

/** BullMQ requires a name for each job. It is the same for all recordings. */
export const JOB_NAME = 'record';

/**
 * Opens a Redis connection as BullMQ needs it: commands wait until the connection is made again. The caller
 * closes it.
 */
export function connectRedis(redisUrl: string): Redis {
  const redis = new Redis(redisUrl, {
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(times * 50, LONGEST_RECONNECT_MS),
    socketTimeout: SILENT_SOCKET_MS,
    // After a failover the name leads to another server; what this one has refused is sent again.
    reconnectOnError: ({ message }) => (message.includes('READONLY') ? 2 : false),
  });
  return quiet(timed(redis));
}

/**
 * The timer of a silent connection ends with it. Otherwise it ends the connection that has taken its place, and keeps the
 * process alive until then. From version 6 on, ioredis does this by itself (https://github.com/redis/ioredis/pull/2148).
 */
function timed(redis: Redis): Redis {
  const duplicate = redis.duplicate.bind(redis);
  // BullMQ makes its own readers in this way, also from one that listens.
  redis.duplicate = (changes) => timed(duplicate({ socketTimeout: SILENT_READER_MS, ...changes }));
  const timer = redis as unknown as { socketTimeoutTimer: NodeJS.Timeout | undefined };
  return redis.on('close', () => {
    clearTimeout(timer.socketTimeoutTimer);
    timer.socketTimeoutTimer = undefined;
  });
}

/**
 * Opens a connection for a server that somebody waits for: a command fails where Redis does not answer in time. The
 * caller closes it.
 */
export function connectToAnswer(redisUrl: string): Redis {
  const answer = { commandTimeout: ANSWERED_WITHIN_MS, maxRetriesPerRequest: 1 };
  return quiet(new Redis(redisUrl, { ...answer, retryStrategy: () => LONGEST_RECONNECT_MS }));
}

/**
 * Opens a second connection to the same Redis for listening, because a connection that listens takes no other
 * commands.
 */
export function connectAgain(redis: Redis): Redis {
  return quiet(redis.duplicate());
}

/**
 * A lost connection is made again by itself, so its errors are ignored. pingRedis tells a person what is
 * wrong.
 */
function quiet(redis: Redis): Redis {
  return redis.on('error', () => {});
}

/** Whether a job of this id is on the queue and not over. */
export async function isOnQueue(redis: Redis, queueName: string, jobId: string): Promise<boolean> {
  const queue = new Queue(queueName, { connection: redis });
  try {
    return !['unknown', 'completed', 'failed'].includes(await queue.getJobState(jobId));
  } finally {
    await queue.close();
  }
}

/**
 * Throws queue_unreachable if Redis does not answer within 5 s. Otherwise the caller would wait without a
 * message.
 */
export async function pingRedis(redisUrl: string): Promise<void> {
  const giveUpAt = Date.now() + CONNECT_LIMIT_MS;
  for (;;) {
    try {
      return await pingOnce(redisUrl);
    } catch (error) {
      const { host } = new URL(redisUrl);
      if (Date.now() > giveUpAt) {
        throw new RecordingError(
          'queue_unreachable',
          `Redis at ${host} did not answer within ${CONNECT_LIMIT_MS} ms: ${messageOf(error)}`,
        );
      }
    }
    await wait(RETRY_EVERY_MS);
  }
}

async function pingOnce(redisUrl: string): Promise<void> {
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: 2_000,
  });
  let reason: unknown; // connect() itself only says that the connection is closed
  redis.on('error', (error) => {
    reason = error;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    throw reason ?? error;
  } finally {
    redis.disconnect();
  }
}
