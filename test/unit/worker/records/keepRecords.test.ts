import type { Redis } from 'ioredis';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RecordingEvent } from '../../../../shared/events/recordingEvents.ts';
import { inOrder } from '../../../../worker/events/inOrder.ts';
import { createLog } from '../../../../worker/log.ts';
import { keepRecords } from '../../../../worker/records/keepRecords.ts';
import { redisRecordStore } from '../../../../worker/records/redisRecordStore.ts';
import { connectOwnRedis } from '../../../support/connectOwnRedis.ts';
import { eventually } from '../../../support/eventually.ts';
import { redisMissing } from '../../../support/startRedis.ts';

if (redisMissing) console.warn(`SKIPPED: records that a worker keeps (${redisMissing})`);

const log = createLog('silent');
const LAUNCHING = { type: 'call.recording_phase', phase: 'launching' };
const RECORDING = { type: 'call.recording_phase', phase: 'recording' };
const WARNING = { type: 'call.recording_warning', warning: { code: 'page_warning', message: 'no', at_s: 1 } };
const READY = { type: 'call.recording_ready', result: { status: 'completed' } };

describe.skipIf(redisMissing)('the records that a worker keeps', () => {
  let redis: Redis;
  let second = 0;

  beforeAll(async () => {
    const own = await connectOwnRedis();
    redis = own.redis;
    return own.close;
  });

  function open(queueName: string) {
    const store = redisRecordStore(redis, queueName);
    return { store, keeper: keepRecords(store, (deliver) => inOrder(deliver, log), log) };
  }

  const event = (body: object) =>
    ({
      recording_id: 'r1',
      call_cid: 'default:a',
      created_at: new Date(Date.UTC(2026, 0, 1, 0, 0, second++)).toISOString(),
      ...body,
    }) as RecordingEvent;

  test('have the end of a recording although Redis was full when it ended', async () => {
    const { store, keeper } = open('full');
    keeper.publish(event(RECORDING));
    await keeper.settled('r1');
    await redis.config('SET', 'maxmemory', '1');
    keeper.publish(event(READY));
    await expect(redis.set('any', 'thing')).rejects.toThrow('OOM');
    await redis.config('SET', 'maxmemory', '0');
    await keeper.settled('r1');
    expect(await store.get('r1')).toMatchObject({ state: 'ready', result: { status: 'completed' } });
  });

  test('have the end of a recording although Redis refused a part of it at first', async () => {
    const { store, keeper } = open('refused');
    await redis.set('call-compositor:refused:record-events:r1', 'no list');
    keeper.publish(event(READY));
    await redis.ping(); // by then, the first try is on its way
    await redis.del('call-compositor:refused:record-events:r1');
    await keeper.settled('r1');
    expect((await store.events('r1')).map(({ type }) => type)).toContain('call.recording_ready');
  });

  test('have each event once after the recording came back from another worker and Redis was emptied', async () => {
    const { store, keeper } = open('back');
    for (const phase of [LAUNCHING, RECORDING]) keeper.publish(event(phase));
    await keeper.settled('r1');
    await store.note(event(WARNING)); // by the other worker
    await keeper.load('r1');
    keeper.publish(event(WARNING));
    const told = await eventually('all is kept', async () => {
      const events = await store.events('r1');
      return events.length === 4 && events;
    });
    await store.forget('r1');
    await keeper.restore('r1');
    expect(await store.events('r1')).toEqual(told);
  });

  test('are forgotten by the worker that has handed a recording over', async () => {
    const { store, keeper } = open('handed-over');
    keeper.publish(event(RECORDING));
    await keeper.settled('r1');
    await store.forget('r1');
    await keeper.restore('r1');
    expect(await store.events('r1')).toEqual([]);
  });

  test('keep what Redis has of an earlier attempt where the newest events of this one are lost', async () => {
    const { store, keeper } = open('snapshot');
    const earlier = [event(LAUNCHING), event(WARNING)];
    for (const one of earlier) await store.note(one);
    keeper.publish(event(LAUNCHING));
    keeper.publish(event(RECORDING));
    await eventually('all is kept', async () => (await store.events('r1')).length === 4);
    const all = await store.events('r1');
    await redis.rpop('call-compositor:snapshot:record-events:r1');
    await keeper.restore('r1');
    expect(await store.events('r1')).toEqual(all);
  });
});
