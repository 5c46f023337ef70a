import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { HonoAdapter } from '@bull-board/hono';
import { serveStatic } from '@hono/node-server/serve-static';
import type { Hono } from 'hono';
import { DASHBOARD_PATH } from './dashboardSession.ts';
import { shownJob } from './shownJob.ts';

/** The queue as BullMQ opened it. */
export type BullQueue = ConstructorParameters<typeof BullMQAdapter>[0];

/**
 * The pages of Bull Board for a queue. They change nothing: a job that is removed or tried again past the API would leave
 * a recording that nobody has, or record one twice.
 */
export function openDashboard(queue: BullQueue): Hono {
  const shown = new BullMQAdapter(queue, { readOnlyMode: true, description: 'Jobs of all tenants' });
  shown.setFormatter('data', shownJob);
  const server = new HonoAdapter(serveStatic).setBasePath(DASHBOARD_PATH);
  createBullBoard({
    queues: [shown],
    serverAdapter: server,
    options: {
      uiConfig: {
        boardTitle: 'call-compositor queue',
        miscLinks: [{ text: 'Recordings', url: '/' }],
        hideRedisDetails: true,
      },
    },
  });
  const pages = server.registerPlugin() as unknown as Hono;
  // Bull Board brings a Hono of its own, which would answer every error of ours with 500.
  return pages.onError((error) => {
    throw error;
  });
}
