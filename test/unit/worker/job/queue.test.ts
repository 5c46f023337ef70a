import { createServer } from 'node:net';
import type { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { connectRedis } from '../../../../worker/job/queue.ts';
import { eventually } from '../../../support/eventually.ts';
import { redisMissing, startRedis } from '../../../support/startRedis.ts';

if (redisMissing) console.warn(`SKIPPED: connections to Redis (${redisMissing})`);

test.skipIf(redisMissing)(
  'a connection leaves a server that has become a replica, and repeats its command',
  async () => {
    const server = await startRedis();
    const [redis, admin] = [connectRedis(server.url), connectRedis(server.url)];
    await redis.ping();
    await admin.replicaof('127.0.0.1', '1');
    let reconnects = 0;
    redis.on('reconnecting', () => reconnects++);
    const written = redis.set('a', 1);
    await Promise.race([written, eventually('it connects anew', () => reconnects > 0)]);
    await admin.replicaof('no', 'one');
    expect(await written).toBe('OK');
    for (const connection of [redis, admin]) connection.disconnect();
    await server.stop();
  },
);

test('a connection on which no answer comes is made again within 5 s', async () => {
  let connections = 0;
  const mute = createServer((socket) => {
    connections++;
    socket.on('error', () => {}).resume();
  });
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const address = mute.address();
  const redis = connectRedis(`redis://127.0.0.1:${typeof address === 'object' && address?.port}`);
  await eventually('it is made again', () => connections > 1, { withinMs: 5_500 });
  redis.disconnect();
  mute.close();
});

/** A connection as BullMQ makes those that it reads with: from one that was made from ours. */
function connectReader(port: number): Redis {
  const first = connectRedis('redis://127.0.0.1:1'); // nothing listens there
  first.disconnect();
  return first
    .duplicate({ lazyConnect: true })
    .duplicate({ port, lazyConnect: false, socketTimeout: 4_000 })
    .on('error', () => {});
}

test.concurrent.each([
  ['a connection', (port: number) => connectRedis(`redis://127.0.0.1:${port}`)],
  ['a reader', connectReader],
])('%s that takes the place of a lost one has the whole time to answer', async (_what, connect) => {
  const closedAfterMs: number[] = [];
  const mute = createServer((socket) => {
    const openedAtMs = performance.now();
    socket.on('error', () => {}).resume();
    socket.on('close', () => closedAfterMs.push(performance.now() - openedAtMs));
    if (closedAfterMs.length === 0) setTimeout(() => socket.destroy(), 2_000);
  });
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const address = mute.address();
  const redis = connect(Number(typeof address === 'object' && address?.port));
  await eventually('the second one ends', () => closedAfterMs.length > 1, { withinMs: 9_000 });
  expect(closedAfterMs[1]).toBeGreaterThan(3_500);
  redis.disconnect();
  mute.close();
});
