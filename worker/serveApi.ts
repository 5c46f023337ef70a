import { resolve } from 'node:path';
import type { Redis } from 'ioredis';
import type { Api } from './api/api.ts';
import { ApiError } from './api/apiError.ts';
import type { ApiConfig } from './api/config/apiConfig.ts';
import { createApp } from './api/createApp.ts';
import { openDashboard } from './api/dashboard/openDashboard.ts';
import type { HookDelivery } from './api/events/hookDelivery.ts';
import { outgoing } from './api/events/outgoing.ts';
import { tellEvents } from './api/events/tellEvents.ts';
import { followOpen } from './api/followOpen.ts';
import { limitRequests } from './api/http/limitRequests.ts';
import { listen } from './api/listen.ts';
import { redisApiStore } from './api/store/redisApiStore.ts';
import { redisTurns } from './api/store/redisTurns.ts';
import { readLiveKitWebhook } from './call/readLiveKitWebhook.ts';
import { recorderToken } from './call/recorderToken.ts';
import { setMetadata } from './call/setMetadata.ts';
import { enqueueRecording, type JobQueue } from './client/enqueueRecording.ts';
import { openHooks } from './deliveries/openHooks.ts';
import { redisDeliveryStore } from './deliveries/redisDeliveryStore.ts';
import { createEgressRules } from './egress/egressRules.ts';
import { guardedAgents } from './egress/guardedAgents.ts';
import { protectOwnPorts } from './egress/protectOwnPorts.ts';
import { refusePrivateUrls } from './egress/refusePrivateUrls.ts';
import { openQueue } from './job/openQueue.ts';
import { connectAgain } from './job/queue.ts';
import type { Logger } from './log.ts';
import { BUILT_LAYOUT_APP } from './page/serveLayoutApp.ts';
import { messageOf } from './recordingError.ts';
import { readEvents } from './records/eventStream.ts';
import { redisRecordStore } from './records/redisRecordStore.ts';
import { redisWorkerRegistry } from './registry/workerRegistry.ts';
import { openSecrets } from './secrets/openSecrets.ts';
import { storedFiles } from './storage/storedFiles.ts';
import { dropTranscript } from './transcripts/transcriptQueue.ts';
import type { WorkerConfig } from './workerConfig.ts';

export interface RunningApi {
  readonly url: string;
  /** Answers the requests that are running, and takes no more. */
  close(): Promise<void>;
}

/**
 * A server of the recording API: it puts jobs on the queue of the workers, and reads what they told of them. The pages for
 * people are served from `pagesFolder`.
 */
export async function serveApi(
  config: ApiConfig,
  settings: WorkerConfig,
  redis: Redis,
  log: Logger,
  pagesFolder = BUILT_LAYOUT_APP,
): Promise<RunningApi> {
  const { queueName } = settings;
  const { queue, has, stop, changeLayout, pause, picture, close } = openQueue(redis, queueName);
  const rules = createEgressRules(settings);
  protectOwnPorts(rules, [settings.redisUrl]);
  const records = redisRecordStore(redis, queueName);
  const reader = connectAgain(redis);
  const { newest, after: following } = readEvents(reader, queueName);
  const agents = guardedAgents(rules);
  const waiting = redisDeliveryStore<HookDelivery>(redis, `${queueName}:api`);
  const hooks = openHooks(waiting, (delivery, failures) => outgoing(api, delivery, failures), agents, log);
  const api: Api = {
    config,
    store: redisApiStore(redis, { queueName, keepDays: config.keep_records_days }),
    queue: {
      add: async (recordingId, job) => {
        await enqueueRecording(queue as JobQueue, job as never, { recordingId });
      },
      stop,
      changeLayout,
      pause,
      picture,
      isWaitingOrRunning: has,
      dropTranscript: (id) => dropTranscript(redis, queueName, id),
      report: (id) => records.get(id),
      events: (id) => records.events(id),
    },
    files: storedFiles(foldersOf(config, settings.recordingsDir), agents),
    events: {
      newest,
      following,
      after: readEvents(redis, queueName).after,
      ...redisTurns(redis, queueName, newest),
    },
    deliveries: hooks,
    workers: redisWorkerRegistry(redis, queueName).list,
    log,
    nowUnixMs: () => Date.now(),
    secretsOf: openSecrets(settings, log),
    checkAddress: async (url) => {
      await refusePrivateUrls([url], rules, { mustResolve: true }).catch(refuse);
    },
    liveKitToken: recorderToken,
    liveKitMetadata: setMetadata,
    liveKitWebhook: readLiveKitWebhook,
  };
  const limits = limitRequests(redis, { queueName, requestsPerMinute: config.requests_per_minute });
  await api.events.begin();
  const { app, connections, eventStreams } = createApp(api, limits, {
    pagesFolder,
    dashboard: config.dashboard.keys.length === 0 ? null : openDashboard(queue),
  });
  const server = await listen(app, config.listen);
  const telling = tellEvents(api, async (streamed) => {
    eventStreams.onEvent();
    await connections.onEvent(streamed);
  });
  const open = followOpen(api);
  log.info({ url: server.url, queueName }, 'server ready');
  return {
    url: server.url,
    close: async () => {
      const closed = server.close();
      // Whoever listens to events goes on at another server; their requests would never end by themselves.
      eventStreams.close();
      await closed;
      await open.close();
      await telling.close();
      reader.disconnect();
      await hooks.close();
      await close();
    },
  };
}

/** The folders whose files are handed out: that of the workers, and those that tenants are configured with. */
function foldersOf({ tenants }: ApiConfig, recordingsDir: string): string[] {
  const own = Object.values(tenants).flatMap(({ storage }) => {
    const { kind, directory } = (storage ?? {}) as { kind?: string; directory?: string | null };
    return kind === 'local' && directory ? [resolve(recordingsDir, directory)] : [];
  });
  return [resolve(recordingsDir), ...own];
}

function refuse(error: unknown): never {
  throw new ApiError('bad_input', messageOf(error), { cause: error });
}
