import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RecordingEvent } from '../../../../shared/events/recordingEvents.ts';
import { type Deliveries, openDeliveries } from '../../../../worker/deliveries/openDeliveries.ts';
import { redisDeliveryStore } from '../../../../worker/deliveries/redisDeliveryStore.ts';
import { connectRedis } from '../../../../worker/job/queue.ts';
import { createLog } from '../../../../worker/log.ts';
import { eventually } from '../../../support/eventually.ts';
import { type Receiver, startReceiver } from '../../../support/startReceiver.ts';
import { redisMissing, startRedis } from '../../../support/startRedis.ts';

if (redisMissing) console.warn(`SKIPPED: webhooks of a worker (${redisMissing})`);

const SECRET = `whsec_${Buffer.from('a secret for tests only').toString('base64')}`;
const BASE = { recording_id: 'r1', call_cid: 'default:a', created_at: new Date().toISOString() };
const STARTED: RecordingEvent = { ...BASE, type: 'call.recording_started', ready_signal: 'message' };
const STOPPED: RecordingEvent = { ...BASE, type: 'call.recording_stopped', end_reason: 'stopped' };
const PROGRESS: RecordingEvent = {
  ...BASE,
  type: 'call.recording_progress',
  elapsed_s: 1,
  frames: 30,
  dropped_frames: 0,
  size_bytes: 1,
};
const RUN = fileURLToPath(new URL('../../../run.mjs', import.meta.url));

describe.skipIf(redisMissing)('webhooks of a worker', () => {
  let server: Awaited<ReturnType<typeof startRedis>>;
  let redis: ReturnType<typeof connectRedis>;
  let receiver: Receiver;
  let deliveries: Deliveries;

  beforeEach(async () => {
    server = await startRedis();
    redis = connectRedis(server.url);
    receiver = await startReceiver();
    deliveries = openDeliveries(redisDeliveryStore(redis, 'q'), createLog('silent'));
  });

  afterEach(async () => {
    await deliveries.close();
    redis.disconnect();
    await receiver.goDown();
    await server.stop();
  });

  test('are posted in order and signed, and progress is not posted', async () => {
    const listener = deliveries.listenerFor({ url: receiver.url, secret: SECRET, tenant: null });
    for (const event of [STARTED, PROGRESS, STOPPED]) listener(event);
    expect(await deliveries.arrived(5_000)).toBe(0);
    expect(receiver.received.map(({ type }) => type)).toEqual([
      'call.recording_started',
      'call.recording_stopped',
    ]);
    const verifier = new Webhook(SECRET);
    for (const { headers, body } of receiver.received)
      expect(verifier.verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body));
    // Only the ids of what has arrived are left; the secret is nowhere any more.
    expect(await redis.keys('*')).toEqual(['call-compositor:q:deliveries:over']);
  });

  test('wait in memory, in order, while Redis stands still, and arrive when it goes on', async () => {
    process.kill(server.pid, 'SIGSTOP');
    const listener = deliveries.listenerFor({ url: receiver.url, secret: null, tenant: null });
    for (const event of [STARTED, STOPPED]) listener(event);
    const kept = deliveries.kept().then(() => 'kept');
    expect(await Promise.race([kept, new Promise((resolve) => setTimeout(resolve, 300, 'waits'))])).toBe(
      'waits',
    );
    process.kill(server.pid, 'SIGCONT');
    expect(await kept).toBe('kept');
    expect(await deliveries.arrived(5_000)).toBe(0);
    expect(receiver.received.map(({ type }) => type)).toEqual([
      'call.recording_started',
      'call.recording_stopped',
    ]);
  });

  test('are put in when Redis refused them at first', async () => {
    await redis.config('SET', 'maxmemory', '1');
    const listener = deliveries.listenerFor({ url: receiver.url, secret: null, tenant: null });
    for (const event of [STARTED, STOPPED]) listener(event);
    await eventually('Redis has refused', async () => /errorstat_OOM/.test(await redis.info('errorstats')));
    await redis.config('SET', 'maxmemory', '0');
    expect(await deliveries.arrived(5_000)).toBe(0);
    expect(receiver.received.map(({ type }) => type)).toEqual([
      'call.recording_started',
      'call.recording_stopped',
    ]);
  });

  test('are put in again, in order, when Redis has lost them, but not if they have arrived', async () => {
    await deliveries.close();
    const store = redisDeliveryStore(redis, 'q');
    deliveries = openDeliveries(store, createLog('silent'), { guardEveryMs: 50 });
    const listener = deliveries.listenerFor({ url: receiver.url, secret: null, tenant: null });
    listener(STARTED);
    expect(await deliveries.arrived(5_000)).toBe(0);
    await receiver.goDown();
    listener(STOPPED);
    listener({ ...BASE, type: 'call.recording_ready' } as RecordingEvent);
    await deliveries.kept();
    await redis.flushall();
    await receiver.comeBack();
    await eventually('the last one has arrived', () => receiver.received.length >= 3);
    expect(await deliveries.arrived(5_000)).toBe(0);
    expect(receiver.received.map(({ type }) => type)).toEqual([
      'call.recording_started',
      'call.recording_stopped',
      'call.recording_ready',
    ]);
  });

  test('of a process that is killed between the event and the delivery are sent by another one', async () => {
    await receiver.goDown();
    await deliveries.close();
    const args = [RUN, 'support/putEventsAndDie', server.url, 'q', receiver.url];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    const exited = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    expect(await exited).toBe('SIGKILL');
    await receiver.comeBack();
    // What the dead process was about to send is free again after half a minute.
    const store = redisDeliveryStore(redis, 'q', () => Date.now() + 31_000);
    deliveries = openDeliveries(store, createLog('silent'));
    expect(await deliveries.arrived(5_000)).toBe(0);
    expect(receiver.received.map(({ type }) => type)).toEqual([
      'call.recording_started',
      'call.recording_ready',
    ]);
  });
});
