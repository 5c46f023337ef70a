import { randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { RecordingEvent, RecordingResult } from '../../shared/events/recordingEvents.ts';
import { forgetCommands, sendCommand } from '../control/commandStream.ts';
import { redisDeliveryStore } from '../deliveries/redisDeliveryStore.ts';
import { followRecording } from '../job/followRecording.ts';
import { startOwnRedis } from '../job/ownRedis.ts';
import { connectRedis, pingRedis } from '../job/queue.ts';
import { createLog } from '../log.ts';
import { messageOf } from '../recordingError.ts';
import { redisRecordStore } from '../records/redisRecordStore.ts';
import { startWorker } from '../startWorker.ts';
import type { WorkerConfig } from '../workerConfig.ts';

/** The queue of the one job ends with it, so its webhook gets this long. */
const DELIVERY_LIMIT_MS = 10_000;

/**
 * Runs one job through a queue and a worker of its own in this process. It uses the Redis of REDIS_URL, or
 * starts one. The first Ctrl-C stops the recording and stores it.
 */
export async function runRecording(
  payload: unknown,
  config: WorkerConfig,
  onEvent: (event: RecordingEvent) => void,
): Promise<RecordingResult> {
  const ownRedis = process.env.REDIS_URL ? null : await startOwnRedis();
  const redisUrl = ownRedis?.url ?? config.redisUrl;
  const recordingId = randomUUID();
  const queueName = `${config.queueName}-${recordingId}`;
  const redis = connectRedis(redisUrl);
  // Without looking for the job: the queue and the id are ours, and it may not be on the queue yet.
  const stop = () =>
    void sendCommand(redis, queueName, { recordingId, command: { type: 'stop' } }).catch((error) =>
      console.error(`the recording cannot be stopped: ${messageOf(error)}`),
    );
  try {
    await pingRedis(redisUrl);
    const log = createLog(config.logLevel);
    const worker = await startWorker({ ...config, redisUrl, queueName, warmBrowsers: 0 }, redis, log);
    process.on('SIGINT', stop).on('SIGTERM', stop);
    try {
      return await followRecording({ redis, queueName, recordingId, payload }, onEvent);
    } finally {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      if ((await worker.delivered(DELIVERY_LIMIT_MS)) > 0)
        console.error(`the webhook has not taken all events within ${DELIVERY_LIMIT_MS} ms; they are lost`);
      await worker.close();
      await forgetQueue(redis, queueName, recordingId);
    }
  } finally {
    redis.disconnect();
    await ownRedis?.stop();
  }
}

/** The queue was made for this one recording, so it is removed: the Redis may not be ours. */
async function forgetQueue(redis: Redis, queueName: string, recordingId: string): Promise<void> {
  const queue = new Queue(queueName, { connection: redis });
  await queue.obliterate({ force: true });
  await queue.close();
  await redisRecordStore(redis, queueName).forget(recordingId);
  await forgetCommands(redis, queueName);
  await redisDeliveryStore(redis, queueName).forgetAll();
}
