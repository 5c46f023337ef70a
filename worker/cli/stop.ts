import { connectRedis, pingRedis } from '../job/queue.ts';
import { requestStop } from '../job/stopRequests.ts';
import { readWorkerConfig } from '../workerConfig.ts';

/** `stop RECORDING_ID`: tells whichever worker has the recording, or will take it, to end and store it. */
export async function stop(recordingId: string): Promise<number> {
  const config = readWorkerConfig(process.env);
  await pingRedis(config.redisUrl);
  const redis = connectRedis(config.redisUrl);
  const isStopping = await requestStop(redis, config.queueName, recordingId);
  redis.disconnect();
  if (isStopping) console.log(`stopping ${recordingId}`);
  else console.error(`no recording ${recordingId} is waiting or running on the queue ${config.queueName}`);
  return isStopping ? 0 : 1;
}
