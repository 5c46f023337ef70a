import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Redis } from 'ioredis';
import type { RecordingEvent, RecordingResult } from '../shared/events/recordingEvents.ts';
import { InvalidRequestError, parseRecordingRequest } from '../shared/request/parseRecordingRequest.ts';
import type { RecordingRequest } from '../shared/request/recordingRequest.ts';
import { openGate } from './admission/openGate.ts';
import { createBrowserPool } from './browser/browserPool.ts';
import { sweepWorkFolders } from './browser/workFolder.ts';
import { withLiveKitToken } from './call/withLiveKitToken.ts';
import { RECORDER_EXTENSION } from './capture/extension.ts';
import { openRecorderPage } from './capture/openRecorderPage.ts';
import { createPublisher } from './events/publishEvents.ts';
import { createWebhook } from './events/webhook.ts';
import { type Consumer, consumeJobs, type TakenJob } from './job/consumeJobs.ts';
import { refusedJob } from './job/refusedJob.ts';
import type { Logger } from './log.ts';
import { createMetrics } from './metrics/createMetrics.ts';
import { serveMetrics } from './metrics/serveMetrics.ts';
import { serveLayoutApp } from './page/serveLayoutApp.ts';
import { recordCall } from './recordCall.ts';
import { chooseStorage } from './storage/chooseStorage.ts';
import type { WorkerConfig } from './workerConfig.ts';

/** Without a limit of its own a worker takes what the machine can carry; this bounds the polling, not the machine. */
const MOST_AT_ONCE = 64;
const CLOCK = { nowMs: () => performance.now(), nowUnixMs: () => Date.now() };

/** A worker that takes jobs from the queue until it is closed. */
export async function startWorker(config: WorkerConfig, redis: Redis, log: Logger): Promise<Consumer> {
  const swept = await sweepWorkFolders();
  if (swept.length > 0) log.info({ swept }, 'removed what a killed worker left behind');
  const gate = openGate(config);
  const metrics = createMetrics({ isOpen: gate.isOpen });
  const metricsServer = config.metrics && (await serveMetrics(config.metrics, metrics.registry));
  const layoutApp = await serveLayoutApp();
  const { queueName } = config;
  const concurrency = config.concurrency ?? MOST_AT_ONCE;
  const browsers = createBrowserPool({
    size: config.warmBrowsers,
    settings: { ...config, extension: RECORDER_EXTENSION },
    openFirstPage: openRecorderPage,
    log,
  });
  browsers.refill();
  const consumer = await consumeJobs({ redis, queueName, concurrency, gate, log }, (job) =>
    runJob(job, layoutApp.url),
  );
  log.info({ queueName, concurrency }, 'worker ready');

  async function runJob(job: TakenJob, layoutAppUrl: string): Promise<RecordingResult> {
    const jobLog = log.child({ recordingId: job.id });
    let request: RecordingRequest;
    try {
      request = await withLiveKitToken(parseRecordingRequest(job.id, job.payload), config);
    } catch (error) {
      if (error instanceof InvalidRequestError)
        return refusedJob(job.id, [job.publish, metrics.note], error, CLOCK.nowUnixMs());
      throw error;
    }
    const webhook = createWebhook(request.webhook, jobLog);
    const publish = createPublisher(
      request,
      [job.publish, webhook.deliver, metrics.note, refillOnceStarted],
      CLOCK.nowUnixMs,
    );
    const storage = await chooseStorage(request.outputs[0]?.storage ?? null, resolve(config.recordingsDir));
    const { allowPrivateUrls } = config;
    const { attempt, stop } = job;
    const deps = {
      browsers,
      allowPrivateUrls,
      layoutAppUrl,
      storage,
      publish,
      attempt,
      log: jobLog,
      clock: CLOCK,
    };
    const result = await recordCall(request, deps, stop);
    browsers.refill();
    await webhook.settled();
    return result;
  }

  function refillOnceStarted(event: RecordingEvent): void {
    if (event.type === 'call.recording_started') browsers.refill();
  }

  return {
    close: async () => {
      await consumer.close();
      await browsers.close();
      await layoutApp.close();
      await metricsServer?.close();
    },
  };
}
