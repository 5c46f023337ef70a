import { performance } from 'node:perf_hooks';
import type { Redis } from 'ioredis';
import { createLearnedCosts } from './admission/learnCosts.ts';
import { openGate } from './admission/openGate.ts';
import { type AllowedHost, parseAllowedHosts } from './allowedHosts.ts';
import { createBrowserPool } from './browser/browserPool.ts';
import { RECORDER_EXTENSION } from './capture/extension.ts';
import { openRecorderPage } from './capture/openRecorderPage.ts';
import { webhookKeeper } from './deliveries/keptWebhook.ts';
import { openDeliveries } from './deliveries/openDeliveries.ts';
import { redisDeliveryStore } from './deliveries/redisDeliveryStore.ts';
import { createEgressRules } from './egress/egressRules.ts';
import { guardedAgents } from './egress/guardedAgents.ts';
import { openEgressGuard } from './egress/openEgressGuard.ts';
import { protectOwnPorts } from './egress/protectOwnPorts.ts';
import { webRtcFor } from './egress/webRtcFor.ts';
import { inOrder } from './events/inOrder.ts';
import { type Consumer, consumeJobs } from './job/consumeJobs.ts';
import type { Logger } from './log.ts';
import { createMetrics } from './metrics/createMetrics.ts';
import { serveMetrics } from './metrics/serveMetrics.ts';
import { serveLayoutApp } from './page/serveLayoutApp.ts';
import type { RecordingManifest } from './recording/manifest.ts';
import { reachFiles } from './recording/reachFiles.ts';
import {
  costOfJob,
  type JobDeps,
  openJobAhead,
  prepareJob,
  prepareWaitingJob,
  tenantOfJob,
} from './recordJob.ts';
import { keepRecords } from './records/keepRecords.ts';
import { redisRecordStore } from './records/redisRecordStore.ts';
import { registerWorker } from './registry/registerWorker.ts';
import { redisWorkerRegistry } from './registry/workerRegistry.ts';
import { openSecrets } from './secrets/openSecrets.ts';
import { tenantMinutes } from './tenants/tenantMinutes.ts';
import { tenantSeats } from './tenants/tenantSeats.ts';
import { type TranscriptDeps, transcribeRecording } from './transcribeRecording.ts';
import { forgetOldSounds } from './transcripts/keptSound.ts';
import { isTranscriptDropped, openTranscriptQueue } from './transcripts/transcriptQueue.ts';
import type { WorkerConfig } from './workerConfig.ts';

/** A worker without a limit of its own takes what the machine can carry. This number only bounds it. */
const MOST_AT_ONCE = 64;
/** So much of the grace period is kept for closing everything, at most. */
const CLOSE_MS = 2_000;
/** Longer than a transcript is tried for. What is older belongs to a transcript that Redis has lost. */
const SOUNDS_KEPT_MS = 3 * 24 * 60 * 60_000;
const CLOCK = { nowMs: () => performance.now(), nowUnixMs: () => Date.now() };

export interface RunningWorker extends Consumer {
  /** Resolves once every webhook has its events, or after `limitMs`, to the number of recordings that still wait. */
  delivered(limitMs: number): Promise<number>;
  /** How many transcripts are still to be made. */
  transcriptsWaiting(): Promise<number>;
}

/** A worker that takes jobs from the queue until it is closed. */
export async function startWorker(config: WorkerConfig, redis: Redis, log: Logger): Promise<RunningWorker> {
  const gate = openGate(config);
  const { queueName } = config;
  const limits = config.tenantLimits;
  const deliveryStore = redisDeliveryStore(redis, queueName);
  const metrics = createMetrics({ isOpen: gate.isOpen, deliveries: deliveryStore.counts });
  const metricsServer = config.metrics && (await serveMetrics(config.metrics, metrics.registry));
  const layoutApp = await serveLayoutApp();
  const egressRules = createEgressRules({ ...config, allowHosts: allowedHostsOf(config) });
  protectOwnPorts(egressRules, [
    config.redisUrl,
    layoutApp.url,
    config.metrics && `http://x:${config.metrics.port}`,
  ]);
  const records = keepRecords(redisRecordStore(redis, queueName), (deliver) => inOrder(deliver, log), log);
  const secretsOf = openSecrets(config, log);
  const minutes = tenantMinutes(redis, queueName, limits);
  const deliveries = openDeliveries(deliveryStore, log, {
    agents: guardedAgents(egressRules),
    webhooks: webhookKeeper(config.sealKey, secretsOf),
  });
  const isDropped = (id: string) => isTranscriptDropped(redis, queueName, id);
  const transcriptDeps: TranscriptDeps = {
    ...{ config, egressRules, secretsOf, records, deliveries, isDropped, log },
    nowUnixMs: CLOCK.nowUnixMs,
  };
  const transcripts = openTranscriptQueue(
    redis,
    queueName,
    (task, given) => transcribeRecording(task, given, transcriptDeps),
    log,
  );
  await forgetOldSounds(config.recordingsDir, CLOCK.nowUnixMs() - SOUNDS_KEPT_MS);
  const webRtc = await webRtcFor(config.webRtc, config, config.liveKitUrls ?? []);
  const browsers = createBrowserPool({
    size: config.warmBrowsers,
    settings: { ...config, webRtc, extension: RECORDER_EXTENSION },
    openGuard: () => openEgressGuard(egressRules),
    openFirstPage: openRecorderPage,
    log,
  });
  browsers.refill();
  const concurrency = config.concurrency ?? MOST_AT_ONCE;
  const jobDeps: JobDeps = {
    config,
    browsers,
    layoutAppUrl: layoutApp.url,
    egressRules,
    listeners: [metrics.note],
    records,
    secretsOf,
    learned: createLearnedCosts(),
    minutes,
    deliveries,
    transcripts,
    log,
    clock: CLOCK,
  };
  const registry = redisWorkerRegistry(redis, queueName);
  const { room } = gate;
  const registered = registerWorker({ registry, concurrency: config.concurrency, room, log });
  const consumer = await consumeJobs({
    ...{ redis, queueName, concurrency, gate, records, log },
    seats: tenantSeats(redis, queueName, limits, (tenant) => minutes.areUsedUp(tenant, CLOCK.nowUnixMs())),
    runner: {
      costOf: (job) => costOfJob(job, jobDeps),
      tenantOf: tenantOfJob,
      prepare: (job) => registered.noted(job.id, prepareJob(job, jobDeps)),
      openAhead: (job, told) => openJobAhead(job, told, jobDeps),
      prepareWaiting: (job, publish) => prepareWaitingJob(job, publish, jobDeps),
      reach: (manifest) => reachFiles(manifest as RecordingManifest),
    },
    leaving: { how: config.onShutdown, graceMs: config.graceS * 1000 - CLOSE_MS },
  });
  log.info({ queueName, concurrency }, 'worker ready');

  return {
    delivered: deliveries.arrived,
    transcriptsWaiting: transcripts.waiting,
    close: async () => {
      registered.leaving();
      await consumer.close();
      await transcripts.close();
      await deliveries.close();
      await browsers.close();
      await layoutApp.close();
      await metricsServer?.close();
      await registered.close();
    },
  };
}

/** What the operator names in other settings needs no allowance of its own. */
function allowedHostsOf({ allowHosts, liveKitUrls, s3Endpoints }: WorkerConfig): AllowedHost[] {
  const named = [...(liveKitUrls ?? []), ...s3Endpoints.map((origin) => new URL(origin).host)];
  return [...allowHosts, ...parseAllowedHosts(named.join(','))];
}
