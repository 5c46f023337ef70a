import type { Redis } from 'ioredis';
import { findWorkFolders } from './browser/workFolder.ts';
import { publishEvent } from './job/publishEvent.ts';
import { isOnQueue } from './job/queue.ts';
import type { OrphanSources } from './orphans/findOrphans.ts';
import { finishLeftFile } from './orphans/finishLeftFile.ts';
import type { OrphanTools } from './orphans/fixOrphans.ts';
import { queueView } from './orphans/queueView.ts';
import { redisRecordStore } from './records/redisRecordStore.ts';
import type { WorkerConfig } from './workerConfig.ts';

/** How what lost workers left behind is found and put right, by a worker or by a person. */
export function careForOrphans(
  redis: Redis,
  { queueName, recordingsDir }: Pick<WorkerConfig, 'queueName' | 'recordingsDir'>,
): { readonly sources: OrphanSources; readonly tools: OrphanTools } {
  const store = redisRecordStore(redis, queueName);
  const queue = queueView(redis, queueName, {
    store,
    isOnQueue: (recordingId) => isOnQueue(redis, queueName, recordingId),
  });
  const nowUnixMs = () => Date.now();
  return {
    sources: { recordingsDir, queue, workFolders: findWorkFolders, nowUnixMs },
    tools: {
      queue,
      finishFile: (orphan) => finishLeftFile(orphan, recordingsDir),
      tell: async (event) => {
        await store.note(event);
        await publishEvent(redis, queueName, event);
      },
      nowUnixMs,
    },
  };
}
