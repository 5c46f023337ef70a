import type { Redis } from 'ioredis';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RecordingEvent } from '../../../../shared/events/recordingEvents.ts';
import { type Delivery, deliveryOf } from '../../../../worker/deliveries/delivery.ts';
import type { DeliveryStore } from '../../../../worker/deliveries/deliveryStore.ts';
import { redisDeliveryStore } from '../../../../worker/deliveries/redisDeliveryStore.ts';
import { type Sender, sendWaiting } from '../../../../worker/deliveries/sendWaiting.ts';
import { sendWebhook } from '../../../../worker/deliveries/sendWebhook.ts';
import { createLog } from '../../../../worker/log.ts';
import { connectOwnRedis } from '../../../support/connectOwnRedis.ts';
import { eventually } from '../../../support/eventually.ts';
import { type Receiver, startReceiver } from '../../../support/startReceiver.ts';
import { redisMissing } from '../../../support/startRedis.ts';

if (redisMissing) console.warn(`SKIPPED: deliveries that wait (${redisMissing})`);

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const log = createLog('silent');

describe.skipIf(redisMissing)('deliveries that wait', () => {
  let redis: Redis;
  let receiver: Receiver;
  let store: DeliveryStore;
  let senders: Sender[];
  let passedMs: number;
  let queues = 0;

  beforeAll(async () => {
    const own = await connectOwnRedis();
    redis = own.redis;
    return own.close;
  });

  beforeEach(async () => {
    receiver = await startReceiver();
    passedMs = 0;
    senders = [];
    store = redisDeliveryStore(redis, `queue-${queues++}`, () => Date.now() + passedMs);
  });

  afterEach(async () => {
    await Promise.all(senders.map((sender) => sender.close()));
    await receiver.goDown();
  });

  function startSender(): Sender {
    const sender = sendWaiting(store, sendUnsigned, log);
    senders.push(sender);
    return sender;
  }

  /** Lets time pass in steps of a minute, and lets the workers try what is due after each, until `untilMs` have passed. */
  async function letPass(untilMs: number): Promise<void> {
    while (passedMs < untilMs) {
      passedMs += MINUTE_MS;
      for (const sender of senders) sender.wake();
      await nothingIsDue();
    }
  }

  async function nothingIsDue(): Promise<void> {
    await eventually(
      'nothing is due',
      async () => {
        const now = await store.nowUnixMs();
        const tries = (await store.list()).flatMap(({ nextTryUnixMs }) => nextTryUnixMs ?? []);
        return tries.every((at) => at > now);
      },
      { everyMs: 1 },
    );
  }

  const typesTo = (recordingId: string) =>
    receiver.received.filter((one) => one.recordingId === recordingId).map(({ type }) => type);

  test('arrive in the order of the recording, each once, and leave no more than their ids behind', async () => {
    for (const type of ['started', 'stopped', 'ready'] as const) await store.put(delivery('r1', type));
    startSender();
    await eventually('all have arrived', async () => (await store.counts()).waiting === 0);
    expect(typesTo('r1')).toEqual([
      'call.recording_started',
      'call.recording_stopped',
      'call.recording_ready',
    ]);
    expect(await redis.keys(`call-compositor:queue-${queues - 1}:*`)).toEqual([
      `call-compositor:queue-${queues - 1}:deliveries:over`,
    ]);
  });

  test.each([
    500,
    503,
    307,
    'breaks off',
  ] as const)('are tried again in order, with the same id, where the target answers with "%s"', async (answer) => {
    let answers = 0;
    receiver.answers(() => (answers++ < 2 ? answer : 200));
    await store.put(delivery('r1', 'started'));
    await store.put(delivery('r1', 'ready'));
    startSender();
    await eventually('the first try has failed', async () => (await store.list())[0]?.failures === 1);
    await letPass(MINUTE_MS);
    await letPass(2 * MINUTE_MS);
    await eventually('all have arrived', async () => (await store.counts()).waiting === 0);
    const [first] = receiver.received;
    expect(
      receiver.received.map(({ headers }) => headers['webhook-id'] === first?.headers['webhook-id']),
    ).toEqual([true, true, true, false]);
    expect(typesTo('r1')).toEqual([...Array(3).fill('call.recording_started'), 'call.recording_ready']);
  });

  test('arrive once although they are put in again, before or after they have arrived', async () => {
    const repeated = delivery('r1', 'ready');
    for (const one of [repeated, delivery('r1', 'stopped'), repeated]) await store.put(one);
    startSender();
    await eventually('all have arrived', async () => (await store.counts()).waiting === 0);
    await store.put(repeated);
    expect(await store.counts()).toMatchObject({ waiting: 0 });
    expect(typesTo('r1')).toEqual(['call.recording_ready', 'call.recording_stopped']);
  });

  test('hold up no other recording while their target is down or silent', async () => {
    const silent = await startReceiver();
    silent.answers('is silent');
    try {
      for (let n = 0; n < 100; n++) await store.put({ ...delivery(`silent-${n}`, 'ready'), url: silent.url });
      await store.put({ ...delivery('down', 'ready'), url: 'http://127.0.0.1:9/' });
      await store.put(delivery('other', 'ready'));
      startSender();
      await eventually('the other one has arrived', () => typesTo('other').length === 1, { withinMs: 2_000 });
      expect(silent.received.length).toBeLessThanOrEqual(8);
    } finally {
      await silent.goDown();
    }
  });

  test('hold up no other target, however many wait for one that is busy', async () => {
    const busy = 'http://127.0.0.1:9';
    for (let n = 0; n < 2_100; n++) await store.put({ ...delivery(`busy-${n}`, 'ready'), url: `${busy}/` });
    passedMs += 1;
    await store.put(delivery('other', 'ready'));
    expect((await store.take([busy]))?.delivery.recordingId).toBe('other');
    expect(await store.take([busy])).toBe(null);
  });

  test('are sent although Redis handed them out only after a long wait', async () => {
    let warnings = 0;
    let answer = () => {};
    const away = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const slow = { ...store, take: (busy: readonly string[]) => away.then(() => store.take(busy)) };
    const noting = Object.assign(Object.create(log), { warn: () => warnings++ });
    senders.push(sendWaiting(slow, sendUnsigned, noting, 20));
    await store.put(delivery('r1', 'ready'));
    await eventually('the worker says that it waits', () => warnings > 0);
    answer();
    await eventually('it has arrived', () => typesTo('r1').length === 1);
  });

  test('arrive although their target was down for a day, and do not burden it meanwhile', async () => {
    await receiver.goDown();
    await store.put(delivery('r1', 'started'));
    startSender();
    await eventually('the first try has failed', async () => (await store.list())[0]?.failures === 1);
    await letPass(10 * MINUTE_MS);
    await store.put(delivery('r1', 'ready'));
    await letPass(DAY_MS);
    const [waiting] = await store.list();
    expect(waiting).toMatchObject({ state: 'waiting', error: expect.stringContaining('ECONNREFUSED') });
    // About ten tries in the first quarter of an hour, and then one every 15 minutes.
    expect(waiting?.failures).toBeGreaterThan(95);
    expect(waiting?.failures).toBeLessThan(110);
    await receiver.comeBack();
    await letPass(DAY_MS + 16 * MINUTE_MS);
    await eventually('all have arrived', async () => (await store.counts()).waiting === 0);
    // A try that is under way while hours pass within a moment is taken to be lost, and sent again.
    expect([...new Set(typesTo('r1'))]).toEqual(['call.recording_started', 'call.recording_ready']);
  });

  test('are dead letters after 25 hours, which can be sent again for 7 days', async () => {
    receiver.answers(503);
    await store.put(delivery('r1', 'started'));
    const sender = startSender();
    await eventually('the first try has failed', async () => (await store.list())[0]?.failures === 1);
    await letPass(20 * HOUR_MS);
    await store.put({ ...delivery('r1', 'ready'), sinceUnixMs: Date.now() + passedMs });
    await letPass(25 * HOUR_MS + 20 * MINUTE_MS);
    expect((await store.list()).map(({ state, delivery: { type } }) => [state, type])).toEqual([
      ['waiting', 'call.recording_ready'],
      ['dead', 'call.recording_started'],
    ]);
    await letPass(46 * HOUR_MS);
    const dead = await store.list();
    expect(dead.map(({ state }) => state)).toEqual(['dead', 'dead']);
    expect(dead[0]?.error).toContain('503');
    receiver.answers(200);
    receiver.received.length = 0;
    expect(await store.resend(String(dead[0]?.delivery.id))).toBe(true);
    expect(await store.resend(String(dead[0]?.delivery.id))).toBe(false);
    sender.wake();
    await eventually('it has arrived', () => typesTo('r1').length === 1);
    expect(receiver.received[0]?.headers['webhook-id']).toBe(dead[0]?.delivery.id);
    await eventually('only one is left', async () => (await store.list()).length === 1);
    passedMs += 8 * DAY_MS;
    expect(await store.counts()).toEqual({ waiting: 0, dead: 0 });
  });

  test('that are dead are found and sent again, however many others there are', async () => {
    const bury = async (one: Delivery) => {
      await store.put(one);
      const taken = await store.take([]);
      await store.bury(taken as NonNullable<typeof taken>, 'it was down for a day');
    };
    const isMine = ({ recordingId }: Delivery) => recordingId === 'mine';
    await bury(delivery('mine', 'ready'));
    passedMs += 1_000;
    for (let other = 0; other < 1_100; other++) await bury(delivery(`other-${other}`, 'ready'));
    await store.put(delivery('waits', 'ready'));
    expect((await store.list()).filter(({ delivery: one }) => isMine(one))).toEqual([]);
    const [found, ...more] = await store.list(isMine);
    expect([found?.state, found?.error, more]).toEqual(['dead', 'it was down for a day', []]);
    expect(await store.resend(String(found?.delivery.id), (one) => !isMine(one))).toBe(false);
    expect(await store.resend(String(found?.delivery.id), isMine)).toBe(true);
    expect((await store.list(isMine)).map(({ state }) => state)).toEqual(['waiting']);
  });

  test('of a worker that was lost in the middle are sent by another one after half a minute', async () => {
    await store.put(delivery('r1', 'ready'));
    expect(await store.take([])).not.toBe(null); // by a worker that is then lost
    const sender = startSender();
    expect(await store.take([])).toBe(null);
    passedMs += 31_000;
    sender.wake();
    await eventually('it has arrived', () => typesTo('r1').length === 1);
  });

  test('are given back at once by a worker that leaves while their target is silent', async () => {
    receiver.answers('is silent');
    await store.put(delivery('r1', 'ready'));
    const leaving = startSender();
    await eventually('it is being sent', () => receiver.received.length === 1);
    const sinceMs = performance.now();
    await leaving.close();
    expect(performance.now() - sinceMs).toBeLessThan(1_000);
    receiver.answers(200);
    startSender();
    await eventually('another worker has sent it', () => receiver.received.length === 2);
    await eventually('it has arrived', async () => (await store.counts()).waiting === 0);
  });

  test('are sent once where several workers look for them', async () => {
    const ids = Array.from({ length: 50 }, (_, n) => `r${n}`);
    for (let n = 0; n < 4; n++) startSender();
    for (const id of ids) await store.put(delivery(id, 'ready'));
    for (const sender of senders) sender.wake();
    await eventually('all have arrived', async () => (await store.counts()).waiting === 0);
    expect(receiver.received.map(({ recordingId }) => recordingId).sort()).toEqual(ids.sort());
  });

  function delivery(recordingId: string, what: 'started' | 'stopped' | 'ready'): Delivery {
    const created_at = new Date(Date.now() + passedMs).toISOString();
    const event = {
      recording_id: recordingId,
      call_cid: 'default:a',
      created_at,
      type: `call.recording_${what}`,
    };
    const target = { url: receiver.url, secret: null, sealed: null };
    return deliveryOf(event as RecordingEvent, target) as Delivery;
  }
});

function sendUnsigned(delivery: Delivery, cancel: AbortSignal): Promise<void> {
  return sendWebhook({ ...delivery, secret: null }, cancel);
}
