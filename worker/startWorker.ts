import { performance } from 'node:perf_hooks';
import type { Redis } from 'ioredis';
import pTimeout, { TimeoutError } from 'p-timeout';
import { openGate } from './admission/openGate.ts';
import { createBrowserPool } from './browser/browserPool.ts';
import { sweepWorkFolders } from './browser/workFolder.ts';
import { RECORDER_EXTENSION } from './capture/extension.ts';
import { openRecorderPage } from './capture/openRecorderPage.ts';
import { inOrder } from './events/inOrder.ts';
import { type Consumer, consumeJobs } from './job/consumeJobs.ts';
import type { Logger } from './log.ts';
import { createMetrics } from './metrics/createMetrics.ts';
import { serveMetrics } from './metrics/serveMetrics.ts';
import { serveLayoutApp } from './page/serveLayoutApp.ts';
import { prepareJob } from './recordJob.ts';
import { redisRecordStore } from './records/redisRecordStore.ts';
import type { WorkerConfig } from './workerConfig.ts';

/** A worker without a limit of its own takes what the machine can carry. This number only bounds it. */
const MOST_AT_ONCE = 64;
/** When a worker is closed, it waits this long for webhooks that do not answer. */
const DELIVERY_LIMIT_MS = 10_000;
const CLOCK = { nowMs: () => performance.now(), nowUnixMs: () => Date.now() };

/** A worker that takes jobs from the queue until it is closed. */
export async function startWorker(config: WorkerConfig, redis: Redis, log: Logger): Promise<Consumer> {
  const swept = await sweepWorkFolders();
  if (swept.length > 0) log.info({ swept }, 'removed the folders that a killed worker left behind');
  const gate = openGate(config);
  const metrics = createMetrics({ isOpen: gate.isOpen });
  const metricsServer = config.metrics && (await serveMetrics(config.metrics, metrics.registry));
  const layoutApp = await serveLayoutApp();
  const { queueName } = config;
  const records = inOrder(redisRecordStore(redis, queueName).note, log);
  const deliveries = new Set<Promise<void>>();
  const waitForDelivery = (delivery: Promise<void>) => {
    deliveries.add(delivery);
    void delivery.finally(() => deliveries.delete(delivery));
  };
  const browsers = createBrowserPool({
    size: config.warmBrowsers,
    settings: { ...config, extension: RECORDER_EXTENSION },
    openFirstPage: openRecorderPage,
    log,
  });
  browsers.refill();
  const concurrency = config.concurrency ?? MOST_AT_ONCE;
  const jobDeps = {
    config,
    browsers,
    layoutAppUrl: layoutApp.url,
    listeners: [metrics.note, records.publish],
    waitForDelivery,
    log,
    clock: CLOCK,
  };
  const consumer = await consumeJobs({ redis, queueName, concurrency, gate, log }, (job) =>
    prepareJob(job, jobDeps),
  );
  log.info({ queueName, concurrency }, 'worker ready');

  async function deliverAll(): Promise<void> {
    const all = Promise.all([records.settled(), ...deliveries]);
    await pTimeout(all, { milliseconds: DELIVERY_LIMIT_MS }).catch((error) => {
      if (!(error instanceof TimeoutError)) throw error;
      log.warn({ open: deliveries.size }, 'the worker exits although webhooks have not answered');
    });
  }

  return {
    close: async () => {
      await consumer.close();
      await deliverAll();
      await browsers.close();
      await layoutApp.close();
      await metricsServer?.close();
    },
  };
}
