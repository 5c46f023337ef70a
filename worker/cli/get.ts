import { connectRedis, pingRedis } from '../job/queue.ts';
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
    if (record === null) {
      console.error(
        `no worker has told of a recording ${recordingId} on the queue ${queueName} within the last 7 days`,
      );
      return 1;
    }
    console.log(JSON.stringify({ ...record, events: await store.events(recordingId) }, null, 2));
    return 0;
  } finally {
    redis.disconnect();
  }
}
