import { connectRedis, isOnQueue, pingRedis } from '../job/queue.ts';
import { redisRecordStore } from '../records/redisRecordStore.ts';
import { readWorkerConfig } from '../workerConfig.ts';
import { EXIT } from './exitCodes.ts';
import { connectTo, type ServerOptions } from './recordings/connectTo.ts';
import { printRecording } from './recordings/showRecording.ts';

/**
 * `get RECORDING_ID`: prints what is known of a recording. Asks the server where one is named. Otherwise it reads the Redis
 * of the queue, and prints JSON: the state, the events and the result, for 7 days after its end.
 */
export async function get(
  recordingId: string,
  options: ServerOptions & { json?: boolean } = {},
): Promise<number> {
  const client = connectTo(options, process.env);
  if (client === null) return getFromRedis(recordingId);
  const recording = await client.get(recordingId);
  if (options.json) console.log(JSON.stringify(recording, null, 2));
  else printRecording(recording);
  return EXIT.done;
}

async function getFromRedis(recordingId: string): Promise<number> {
  const { redisUrl, queueName } = readWorkerConfig(process.env);
  await pingRedis(redisUrl);
  const redis = connectRedis(redisUrl);
  try {
    const store = redisRecordStore(redis, queueName);
    const record = await store.get(recordingId);
    const isWaitingAgain = record?.result != null && (await isOnQueue(redis, queueName, recordingId));
    if (record !== null && !isWaitingAgain) {
      console.log(JSON.stringify({ ...record, events: await store.events(recordingId) }, null, 2));
      return EXIT.done;
    }
    if (isWaitingAgain || (await isOnQueue(redis, queueName, recordingId))) {
      console.log(
        JSON.stringify({ recording_id: recordingId, state: 'queued', result: null, events: [] }, null, 2),
      );
      return EXIT.done;
    }
    console.error(
      `no recording ${recordingId} waits on the queue ${queueName}, and no worker has reported one within the last 7 days`,
    );
    return EXIT.notFound;
  } finally {
    redis.disconnect();
  }
}
