import { connectRedis, pingRedis } from '../job/queue.ts';
import { createLog } from '../log.ts';
import { startWorker } from '../startWorker.ts';
import { readWorkerConfig } from '../workerConfig.ts';

/** `worker`: takes jobs until SIGTERM or SIGINT, then ends and stores what is running, and leaves. */
export async function worker(): Promise<never> {
  const config = readWorkerConfig(process.env);
  const log = createLog(config.logLevel);
  await pingRedis(config.redisUrl);
  const redis = connectRedis(config.redisUrl);
  // One recording's trouble must not take down the others: what a library leaves uncaught is logged.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'uncaught, ignored'));
  const consumer = await startWorker(config, redis, log);
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGTERM', resolve).once('SIGINT', resolve);
  });
  log.info({ signal }, 'leaving: recordings under way are ended and stored');
  await consumer.close();
  redis.disconnect();
  // All is stored and closed; timers that Puppeteer leaves behind would keep the process for up to 30 s.
  process.exit(0);
}
