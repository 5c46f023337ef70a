import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { startCompositor } from '../support/startCompositor.ts';

/** A receiver of webhooks that accepts every request and answers none. */
async function startSilentReceiver() {
  const open: ServerResponse[] = [];
  const server = createServer((_request, response) => void open.push(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests: () => open.length,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

test('a webhook that never answers delays neither the next recording nor the exit of the worker', async () => {
  const receiver = await startSilentReceiver();
  const compositor = await startCompositor({ COMPOSITOR_CONCURRENCY: '1' });
  try {
    const job = {
      call: { id: 'a' },
      source: { kind: 'demo', participants: 1 },
      recording: { quality: '360p' },
      limits: { max_duration_s: 1 },
      webhook: { url: receiver.url },
    };
    const first = await compositor.record(job);
    const second = await compositor.record(job);
    expect([first.status, second.status]).toEqual(['completed', 'completed']);
    expect(receiver.requests()).toBeGreaterThan(0);
    const leavingSinceMs = performance.now();
    await compositor.leave();
    // The worker waits 10 s for deliveries that are still open, and then exits.
    expect(performance.now() - leavingSinceMs).toBeLessThan(15_000);
  } finally {
    await compositor.close();
    await receiver.close();
  }
});
