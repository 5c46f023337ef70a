import { readApiConfig } from '../api/config/apiConfig.ts';
import { connectToAnswer, pingRedis } from '../job/queue.ts';
import { createLog } from '../log.ts';
import { serveApi } from '../serveApi.ts';
import { readWorkerConfig } from '../workerConfig.ts';

/** `serve`: answers the recording API until SIGTERM or SIGINT, and then the requests that are still running. */
export async function serve({ config: path }: { config: string }): Promise<number> {
  const settings = readWorkerConfig(process.env);
  const config = await readApiConfig(path);
  const log = createLog(settings.logLevel);
  await pingRedis(settings.redisUrl);
  const redis = connectToAnswer(settings.redisUrl);
  const server = await serveApi(config, settings, redis, log);
  await new Promise((resolve) => process.once('SIGTERM', resolve).once('SIGINT', resolve));
  log.info('the server leaves: it answers the requests that are running');
  await server.close();
  redis.disconnect();
  return 0;
}
