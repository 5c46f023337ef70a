import type { Redis } from 'ioredis';
import { sendCommand } from '../control/commandStream.ts';
import { isOnQueue } from './queue.ts';

/**
 * Asks the worker that has the recording, or takes it later, to stop it. Resolves to false if no job of that
 * id is waiting or running.
 */
export async function requestStop(redis: Redis, queueName: string, recordingId: string): Promise<boolean> {
  if (!(await isOnQueue(redis, queueName, recordingId))) return false;
  await sendCommand(redis, queueName, { recordingId, command: { type: 'stop' } });
  return true;
}
