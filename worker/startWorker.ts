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
import { costOfJob, type JobDeps, prepareJob } from './recordJob.ts';
import { keepRecords } from './records/keepRecords.ts';
import { redisRecordStore } from './records/redisRecordStore.ts';
import type { WorkerConfig } from './workerConfig.ts';

/** A worker without a limit of its own takes what the machine can carry. This number only bounds it. */
const MOST_AT_ONCE = 64;
/** So much of the grace period is kept for closing everything, at most. */
const CLOSE_MS = 2_000;
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
  const records = keepRecords(redisRecordStore(redis, queueName), (deliver) => inOrder(deliver, log));
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
  const jobDeps: JobDeps = {
    config,
    browsers,
    layoutAppUrl: layoutApp.url,
    listeners: [metrics.note, records.publish],
    waitForDelivery,
    log,
    clock: CLOCK,
  };
  const consumer = await consumeJobs({
    ...{ redis, queueName, concurrency, gate, records, log },
    runner: {
      costOf: (job) => costOfJob(job, jobDeps),
      prepare: (job) => prepareJob(job, jobDeps),
    },
    leaving: { how: config.onShutdown, graceMs: config.graceS * 1000 - CLOSE_MS },
  });
  log.info({ queueName, concurrency }, 'worker ready');

  async function deliverAll(): Promise<void> {
    const all = Promise.all(deliveries);
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
