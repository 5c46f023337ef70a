import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { sendCommand } from '../control/commandStream.ts';

/**
 * Asks whichever worker has, or will have, the recording to stop it. Resolves to false where no job of that id
 * is waiting or running.
 */
export async function requestStop(redis: Redis, queueName: string, recordingId: string): Promise<boolean> {
  const queue = new Queue(queueName, { connection: redis });
  try {
    const state = await queue.getJobState(recordingId);
    if (state === 'unknown' || state === 'completed' || state === 'failed') return false;
    await sendCommand(redis, queueName, { recordingId, command: { type: 'stop' } });
    return true;
  } finally {
    await queue.close();
  }
}
