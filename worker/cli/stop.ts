import { connectRedis, pingRedis } from '../job/queue.ts';
import { requestStop } from '../job/stopRequests.ts';
import { readWorkerConfig } from '../workerConfig.ts';
import { EXIT } from './exitCodes.ts';
import { connectTo, type ServerOptions } from './recordings/connectTo.ts';
import { waitForEnd } from './recordings/waitForEnd.ts';

interface StopOptions extends ServerOptions {
  readonly wait?: boolean;
  readonly json?: boolean;
}

/**
 * `stop RECORDING_ID`: tells whichever worker has the recording, or will take it, to end and store it. Asks the server
 * where one is named, and the Redis of the queue otherwise.
 */
export async function stop(recordingId: string, options: StopOptions = {}): Promise<number> {
  const client = connectTo(options, process.env);
  if (client === null) return stopOverRedis(recordingId, options);
  const recording = await client.stop(recordingId);
  console.log(options.json ? JSON.stringify(recording, null, 2) : `stopping ${recordingId}`);
  return options.wait ? waitForEnd(client, recordingId) : EXIT.done;
}

async function stopOverRedis(recordingId: string, { wait, json }: StopOptions): Promise<number> {
  if (wait || json) throw new Error('--wait and --json need a server: set COMPOSITOR_URL, or give --url');
  const config = readWorkerConfig(process.env);
  await pingRedis(config.redisUrl);
  const redis = connectRedis(config.redisUrl);
  const isStopping = await requestStop(redis, config.queueName, recordingId);
  redis.disconnect();
  if (isStopping) console.log(`stopping ${recordingId}`);
  else console.error(`no recording ${recordingId} is waiting or running on the queue ${config.queueName}`);
  return isStopping ? EXIT.done : EXIT.notFound;
}
