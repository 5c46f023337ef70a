import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

let compositor: Compositor;

beforeAll(async () => {
  compositor = await startCompositor();
});

afterAll(() => compositor?.close());

/** A recording that a test has left behind ends by itself, since the next one may have to wait for its cores. */
const job = {
  call: { id: 'a' },
  source: { kind: 'demo', participants: 2 },
  recording: { quality: '360p' },
  limits: { max_duration_s: 60 },
};

describe('a stop', () => {
  test('before a worker has taken the job ends it as absent', async () => {
    const running = compositor.start(job);
    await running.seen('call.recording_started');
    const waiting = compositor.start(job);
    await eventually('the job is on the queue', () => waiting.stop());
    await running.stop();
    expect(await running.result).toMatchObject({ status: 'completed', error: null, end_reason: 'stopped' });
    expect(await waiting.result).toMatchObject({
      status: 'absent',
      file: null,
      end_reason: 'stopped',
      frames: 0,
    });
  });

  test.each([
    'launching',
    'loading',
    'waiting',
    'recording',
  ])('while %s ends in a playable file or as absent', async (phase) => {
    const run = compositor.start(job);
    const isThere = () =>
      run.events.some((event) => event.type === 'call.recording_phase' && event.phase === phase);
    await eventually(`phase ${phase}`, isThere, { withinMs: 60_000 });
    await run.stop();
    const result = await run.result;
    expect(result).toMatchObject({ end_reason: 'stopped', error: null });
    if (result.file === null) return expect(result).toMatchObject({ status: 'absent', size_bytes: 0 });
    expect(result.status).toBe('completed');
    const { errors, videoFrameCount } = await (await inspectRecording(result.file)).decodeAll();
    expect({ errors, videoFrameCount }).toEqual({ errors: [], videoFrameCount: result.frames });
    expect(result.frames).toBeGreaterThan(0);
  });

  test('that is sent twice keeps the first end reason and loses nothing', async () => {
    const run = compositor.start(job);
    await run.seen('call.recording_progress');
    await Promise.all([run.stop(), run.stop()]);
    expect(await run.result).toMatchObject({ status: 'completed', error: null, end_reason: 'stopped' });
  });

  test('leaves no key of its own behind', async () => {
    const keys = () => compositor.redis.keys('call-compositor:stop:*');
    const run = compositor.start(job);
    await run.seen('call.recording_started');
    await run.stop();
    await run.result;
    await eventually('every key is gone', async () => (await keys()).length === 0);
  });
});

test('events come in order and name their recording', async () => {
  const run = compositor.start({ ...job, limits: { max_duration_s: 2 } });
  const result = await run.result;
  const types = run.events.map(({ type }) => type).filter((type) => !/phase|progress/.test(type));
  expect(types).toEqual(['call.recording_started', 'call.recording_stopped', 'call.recording_ready']);
  expect(
    run.events.every((event) => event.recording_id === run.recordingId && event.call_cid === 'default:a'),
  ).toBe(true);
  expect(result.recording_id).toBe(run.recordingId);
});

test('a worker that is told to exit first stores what it records', async () => {
  const own = await startCompositor();
  onTestFinished(() => own.close());
  const run = own.start(job);
  await run.seen('call.recording_progress');
  await own.leave();
  const result = await run.result;
  expect(result).toMatchObject({ status: 'completed', error: null, end_reason: 'worker_shutdown' });
  expect((await (await inspectRecording(String(result.file))).decodeAll()).errors).toEqual([]);
});
