import { connectRedis, pingRedis } from '../job/queue.ts';
import { requestStop } from '../job/stopRequests.ts';
import { readWorkerConfig } from '../workerConfig.ts';

/** `stop RECORDING_ID`: whichever worker has the recording, or will take it up, ends and stores it. */
export async function stop(recordingId: string): Promise<number> {
  const config = readWorkerConfig(process.env);
  await pingRedis(config.redisUrl);
  const redis = connectRedis(config.redisUrl);
  await requestStop(redis, recordingId);
  redis.disconnect();
  console.log(`stop requested for ${recordingId}`);
  return 0;
}
