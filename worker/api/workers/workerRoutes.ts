import { z } from '@hono/zod-openapi';
import { type WorkerReply, WorkersReply } from '../../../shared/api/workerReply.ts';
import type { WorkerNote } from '../../registry/workerRegistry.ts';
import type { Api } from '../api.ts';
import { checkSeesTenant } from '../auth/permissions.ts';
import { route } from '../http/routes.ts';

/** The workers of the queue, and what each carries. */
export const workerRoutes = [
  route({
    ...{ method: 'get', path: '/workers', summary: 'List the workers', tag: 'Workers' },
    reply: WorkersReply.extend({ duration: z.string() }),
    handle: async (api, { who }) => {
      checkSeesTenant(who);
      const workers = await api.workers();
      return { workers: await Promise.all(workers.map((worker) => workerReply(api, who.tenant, worker))) };
    },
  }),
];

/** A worker as one tenant may see it: the recordings of others are only counted. */
async function workerReply(api: Api, tenant: string, worker: WorkerNote): Promise<WorkerReply> {
  const { id, version, host, startedAt, concurrency, isLeaving, room } = worker;
  const owners = await Promise.all(worker.recordings.map((one) => api.store.recordings.ownerOf(one)));
  const recordings = worker.recordings.filter((_, at) => owners[at] === tenant);
  return {
    ...{ id, version, host, started_at: startedAt, recordings },
    ...{ others: worker.recordings.length - recordings.length, concurrency, is_leaving: isLeaving },
    room: { cores: room.cores, memory_mib: room.memoryMiB },
  };
}
