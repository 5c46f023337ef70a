import { careForOrphans } from '../careForOrphans.ts';
import { connectRedis, pingRedis } from '../job/queue.ts';
import { createLog } from '../log.ts';
import { watchOrphans } from '../orphans/watchOrphans.ts';
import { startWorker } from '../startWorker.ts';
import { readWorkerConfig } from '../workerConfig.ts';

/** `worker`: takes jobs until SIGTERM or SIGINT. Then it ends and stores the running recordings, and exits. */
export async function worker(): Promise<never> {
  const config = readWorkerConfig(process.env);
  const log = createLog(config.logLevel);
  await pingRedis(config.redisUrl);
  const redis = connectRedis(config.redisUrl);
  // A fault in one recording must not end the others, so an error that a library leaves uncaught is only
  // logged.
  process.on('unhandledRejection', (error) =>
    log.error({ err: error }, 'an error was not caught; recordings go on'),
  );
  const consumer = await startWorker(config, redis, log);
  const { sources, tools } = careForOrphans(redis, config);
  const orphans = watchOrphans(sources, tools, log);
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGTERM', resolve).once('SIGINT', resolve);
  });
  log.info({ signal }, 'the worker exits after it has ended and stored its recordings');
  await consumer.close();
  await orphans.close();
  redis.disconnect();
  // Everything is stored and closed now. Timers that Puppeteer leaves behind would keep the process alive for
  // up to 30 s.
  process.exit(0);
}
