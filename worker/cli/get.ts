import { connectRedis, isOnQueue, pingRedis } from '../job/queue.ts';
import { redisRecordStore } from '../records/redisRecordStore.ts';
import { readWorkerConfig } from '../workerConfig.ts';

/** `get RECORDING_ID`: prints the state, the events and the result of a recording as JSON, for 7 days after its end. */
export async function get(recordingId: string): Promise<number> {
  const { redisUrl, queueName } = readWorkerConfig(process.env);
  await pingRedis(redisUrl);
  const redis = connectRedis(redisUrl);
  try {
    const store = redisRecordStore(redis, queueName);
    const record = await store.get(recordingId);
    const isWaitingAgain = record?.result != null && (await isOnQueue(redis, queueName, recordingId));
    if (record !== null && !isWaitingAgain) {
      console.log(JSON.stringify({ ...record, events: await store.events(recordingId) }, null, 2));
      return 0;
    }
    if (isWaitingAgain || (await isOnQueue(redis, queueName, recordingId))) {
      console.log(
        JSON.stringify({ recording_id: recordingId, state: 'queued', result: null, events: [] }, null, 2),
      );
      return 0;
    }
    console.error(
      `no recording ${recordingId} waits on the queue ${queueName}, and no worker has reported one within the last 7 days`,
    );
    return 1;
  } finally {
    redis.disconnect();
  }
}
