import { HOW_TO_GET_A_SANDBOX, sandboxProblem } from '../browser/sandboxProblem.ts';
import { careForOrphans } from '../careForOrphans.ts';
import { connectRedis, pingRedis } from '../job/queue.ts';
import { createLog } from '../log.ts';
import { watchOrphans } from '../orphans/watchOrphans.ts';
import { startWorker } from '../startWorker.ts';
import { readWorkerConfig } from '../workerConfig.ts';

/** SIGHUP comes where a terminal is closed. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * `worker`: takes jobs until it is told to leave by a signal. Then it ends or hands over the running recordings, as
 * COMPOSITOR_ON_SHUTDOWN says, and exits within COMPOSITOR_GRACE_S. Further signals change nothing.
 */
export async function worker(): Promise<never> {
  const config = readWorkerConfig(process.env);
  process.umask(config.umask);
  const log = createLog(config.logLevel);
  const problem = await sandboxProblem(config.chromium);
  if (problem) log.warn({ problem, remedy: HOW_TO_GET_A_SANDBOX }, 'pages run without a sandbox');
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
  const signal = await firstSignal((again) => log.warn({ signal: again }, 'the worker is leaving already'));
  log.info({ signal, graceS: config.graceS }, 'the worker leaves: no more jobs are taken');
  // Nothing is lost where this comes first: another worker goes on with what is left.
  setTimeout(() => process.exit(1), config.graceS * 1000).unref();
  await consumer.close();
  await orphans.close();
  redis.disconnect();
  // Everything is stored and closed now. Timers that Puppeteer leaves behind would keep the process alive for
  // up to 30 s.
  process.exit(0);
}

/** Resolves to the first signal. Every further one is only passed to `onAgain`, so that none of them ends the process. */
function firstSignal(onAgain: (signal: NodeJS.Signals) => void): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let isFirst = true;
    for (const signal of SIGNALS)
      process.on(signal, () => {
        if (!isFirst) onAgain(signal);
        isFirst = false;
        resolve(signal);
      });
  });
}
