import type { Redis } from 'ioredis';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RecordingEvent } from '../../../../shared/events/recordingEvents.ts';
import { redisRecordStore } from '../../../../worker/records/redisRecordStore.ts';
import { connectOwnRedis } from '../../../support/connectOwnRedis.ts';
import { redisMissing } from '../../../support/startRedis.ts';

if (redisMissing) console.warn(`SKIPPED: records of recordings (${redisMissing})`);

describe.skipIf(redisMissing)('the store of records', () => {
  let redis: Redis;

  beforeAll(async () => {
    const own = await connectOwnRedis();
    redis = own.redis;
    return own.close;
  });

  const event = (id: string, second: number, body: object) =>
    ({
      recording_id: id,
      call_cid: 'default:a',
      created_at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
      ...body,
    }) as RecordingEvent;

  test('holds state, progress, events and result of a recording', async () => {
    const store = redisRecordStore(redis, 'one');
    await store.note(event('r1', 0, { type: 'call.recording_phase', phase: 'launching' }));
    await store.note(event('r1', 1, { type: 'call.recording_phase', phase: 'recording' }));
    await store.note(event('r1', 2, { type: 'call.recording_progress', elapsed_s: 1, frames: 30 }));
    expect(await store.get('r1')).toMatchObject({
      recording_id: 'r1',
      call_cid: 'default:a',
      state: 'recording',
      created_at: '2026-01-01T00:00:00.000Z',
      updated_at: '2026-01-01T00:00:02.000Z',
      progress: { elapsed_s: 1, frames: 30 },
      result: null,
    });
    await store.note(event('r1', 3, { type: 'call.recording_ready', result: { status: 'completed' } }));
    expect(await store.get('r1')).toMatchObject({ state: 'ready', result: { status: 'completed' } });
    expect((await store.events('r1')).map(({ type }) => type)).toEqual([
      'call.recording_phase',
      'call.recording_phase',
      'call.recording_ready',
    ]);
  });

  test('knows nothing of a recording that was never reported, or that belongs to another queue', async () => {
    await redisRecordStore(redis, 'mine').note(event('r1', 0, { type: 'call.recording_absent', result: {} }));
    expect(await redisRecordStore(redis, 'yours').get('r1')).toBe(null);
    expect(await redisRecordStore(redis, 'yours').events('r1')).toEqual([]);
  });

  test('forgets the result of an earlier run when a job of the same id runs again', async () => {
    const store = redisRecordStore(redis, 'again');
    await store.note(event('r1', 0, { type: 'call.recording_failed', result: { status: 'failed' } }));
    await store.note(event('r1', 1, { type: 'call.recording_phase', phase: 'launching' }));
    expect(await store.get('r1')).toMatchObject({ state: 'launching', result: null });
  });

  test('keeps the result of a complete recording, although another worker that read it before says that it waits', async () => {
    const store = redisRecordStore(redis, 'late');
    const before = Object.assign(Object.create(redis), { hgetall: async () => ({}) });
    const result = { status: 'completed', pauses: [] };
    await store.note(event('r1', 0, { type: 'call.recording_ready', result }));
    await redisRecordStore(before, 'late').note(
      event('r1', 1, { type: 'call.recording_phase', phase: 'queued' }),
    );
    expect(await store.get('r1')).toMatchObject({ state: 'ready', result });
    await store.note(event('r2', 0, { type: 'call.recording_failed', result: { status: 'failed' } }));
    await store.note(event('r2', 1, { type: 'call.recording_phase', phase: 'queued' }));
    expect(await store.get('r2')).toMatchObject({ state: 'queued', result: null });
  });

  test('lists the newest first, page by page', async () => {
    const store = redisRecordStore(redis, 'many');
    for (let n = 0; n < 5; n++)
      await store.note(event(`r${n}`, n, { type: 'call.recording_phase', phase: 'launching' }));
    const pages = [await store.list({ offset: 0, limit: 2 }), await store.list({ offset: 4, limit: 2 })];
    expect(pages.map((page) => page.map(({ recording_id }) => recording_id))).toEqual([['r4', 'r3'], ['r0']]);
  });

  test('keeps no more than 500 events of a recording, and everything for 7 days', async () => {
    const store = redisRecordStore(redis, 'flood');
    const warning = { code: 'page_warning', message: 'again', at_s: 0 };
    const all = Array.from({ length: 600 }, () =>
      event('r1', 0, { type: 'call.recording_warning', warning }),
    );
    await Promise.all(all.map((one) => store.note(one)));
    expect(await store.events('r1')).toHaveLength(500);
    const keys = await redis.keys('call-compositor:flood:*');
    expect(keys).toHaveLength(4);
    for (const key of keys) expect(await redis.ttl(key)).toBeGreaterThan(6 * 24 * 3600);
  });

  test('deletes everything of a recording that it is told to forget, but what the stream has told', async () => {
    const store = redisRecordStore(redis, 'gone');
    await store.note(event('r1', 0, { type: 'call.recording_phase', phase: 'launching' }));
    await store.forget('r1');
    expect(await redis.keys('call-compositor:gone:*')).toEqual(['call-compositor:gone:events']);
  });
});
