import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { connectAgain } from './queue.ts';

/** Asked for before the job started, a stop is remembered for as long as a job may wait. */
const REMEMBERED_S = 24 * 60 * 60;

const CHANNEL = 'call-compositor:stop';
const keyOf = (recordingId: string) => `call-compositor:stop:${recordingId}`;

/**
 * Asks whichever worker has, or will have, the recording to stop it. Resolves to false where no job of that id
 * is waiting or running.
 */
export async function requestStop(redis: Redis, queueName: string, recordingId: string): Promise<boolean> {
  const queue = new Queue(queueName, { connection: redis });
  try {
    if (!(await queue.getJob(recordingId))) return false;
    await redis.set(keyOf(recordingId), '1', 'EX', REMEMBERED_S);
    await redis.publish(CHANNEL, recordingId);
    return true;
  } finally {
    await queue.close();
  }
}

/** Calls `onStop` with the recording of every stop request from now on; returns what ends that. */
export async function listenForStops(
  redis: Redis,
  onStop: (recordingId: string) => void,
): Promise<() => void> {
  const subscriber = connectAgain(redis);
  subscriber.on('message', (_channel, recordingId) => onStop(recordingId));
  await subscriber.subscribe(CHANNEL);
  return () => subscriber.disconnect();
}

/** Whether a stop was asked for before now. */
export async function wasStopRequested(redis: Redis, recordingId: string): Promise<boolean> {
  return (await redis.exists(keyOf(recordingId))) === 1;
}

/** Leaves no key behind once the recording is over. */
export async function forgetStop(redis: Redis, recordingId: string): Promise<void> {
  await redis.del(keyOf(recordingId));
}
