import { expect, test } from 'vitest';
import { createMetrics } from '../../../../worker/metrics/createMetrics.ts';
import { serveMetrics } from '../../../../worker/metrics/serveMetrics.ts';

test('answers only /metrics, and throws if its port is in use', async () => {
  const { registry } = createMetrics({
    isOpen: () => true,
    deliveries: async () => ({ waiting: 0, dead: 0 }),
  });
  const server = await serveMetrics({ host: '127.0.0.1', port: 0 }, registry);
  try {
    expect((await fetch(new URL('/', server.url))).status).toBe(404);
    const port = Number(new URL(server.url).port);
    await expect(serveMetrics({ host: '127.0.0.1', port }, registry)).rejects.toThrow('EADDRINUSE');
  } finally {
    await server.close();
  }
});
