import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';
import { followRecording } from '../../worker/job/followRecording.ts';
import { connectRedis } from '../../worker/job/queue.ts';
import { requestStop } from '../../worker/job/stopRequests.ts';
import { redisRecordStore } from '../../worker/records/redisRecordStore.ts';
import { eventually } from '../support/eventually.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import { startCompositor } from '../support/startCompositor.ts';
import { startRedis } from '../support/startRedis.ts';

const QUEUE = 'test-recordings';
/** Longer than it takes until a worker that says nothing is taken for lost. */
const AWAY_S = Number(process.env.TEST_REDIS_AWAY_S ?? 13);
const job = { call: { id: 'a' }, source: { kind: 'demo', participants: 2 }, recording: { quality: '360p' } };

test('a recording goes on while Redis is away, and is complete after Redis comes back empty', async () => {
  let server = await startRedis();
  const redis = connectRedis(server.url);
  const env = { REDIS_URL: server.url, COMPOSITOR_WARM_BROWSERS: '0' };
  const workers = [await startCompositor(env), await startCompositor(env)];
  try {
    const recordingId = randomUUID();
    const events: RecordingEvent[] = [];
    const given = { redis, queueName: QUEUE, recordingId, payload: job };
    const ended = followRecording(given, (event) => events.push(event));
    const seconds = () => Math.max(0, ...events.map((event) => ('elapsed_s' in event ? event.elapsed_s : 0)));
    await eventually('it is recorded', () => seconds() > 3, { withinMs: 30_000 });

    await server.stop();
    await wait(AWAY_S * 1000);
    server = await startRedis({ port: server.port });
    await eventually('it is recorded on', () => seconds() > AWAY_S + 5, { withinMs: 30_000 });
    await requestStop(redis, QUEUE, recordingId);

    const result = await ended;
    expect(result).toMatchObject({
      status: 'completed',
      error: null,
      end_reason: 'stopped',
      attempt: 1,
      gaps: [],
    });
    const recording = await inspectRecording(String(result.file));
    expect((await recording.decodeAll()).errors).toEqual([]);
    expect(Number(recording.video?.durationS)).toBeGreaterThan(AWAY_S + 5);
    expect(events.filter((event) => 'result' in event)).toHaveLength(1);
    const record = await redisRecordStore(redis, QUEUE).get(recordingId);
    expect(record).toMatchObject({ state: 'ready', result: { status: 'completed', error: null } });
    const logs = workers.map((worker) => worker.log()).join('');
    expect(logs).toContain('nothing is sent until it does');
    expect(logs).not.toContain('goes on with a recording whose worker is gone');
    await eventually('no lease is left', async () => {
      return (await redis.hlen(`call-compositor:${QUEUE}:leases`)) === 0;
    });
  } finally {
    for (const worker of workers) await worker.close();
    redis.disconnect();
    await server.stop();
  }
});
