import { expect, test } from 'vitest';
import type { Delivery } from '../../../../worker/deliveries/delivery.ts';
import { createOutbox } from '../../../../worker/deliveries/outbox.ts';
import { createLog } from '../../../../worker/log.ts';

const delivery = (id: string, type: Delivery['type']): Delivery => ({
  id,
  recordingId: 'r1',
  type,
  url: 'http://127.0.0.1/',
  secret: null,
  sealed: null,
  body: '{}',
  sinceUnixMs: 0,
});

test('while Redis is away no more than a bound waits in memory, and final events are dropped last', async () => {
  let isAway = true;
  const kept: string[] = [];
  const keep = async ({ id }: Delivery) => {
    if (isAway) throw new Error('Redis is away');
    kept.push(id);
  };
  const outbox = createOutbox({ keep, onKept: () => {}, log: createLog('silent') }, 3);
  outbox.put(delivery('first', 'call.recording_started'));
  outbox.put(delivery('ready', 'call.recording_ready'));
  outbox.put(delivery('warning', 'call.recording_warning'));
  outbox.put(delivery('failed', 'call.recording_failed'));
  outbox.put(delivery('absent', 'call.recording_absent'));
  isAway = false;
  await outbox.kept();
  expect(kept).toEqual(['ready', 'failed', 'absent']);
  expect(outbox.close()).toBe(0);
});
