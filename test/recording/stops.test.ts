import { stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import { processesNaming } from '../support/processesNaming.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

let compositor: Compositor;

beforeAll(async () => {
  compositor = await startCompositor();
});

afterAll(() => compositor?.close());

const job = { call: { id: 'a' }, source: { kind: 'demo', participants: 2 }, recording: { quality: '360p' } };

describe('a stop', () => {
  test('before a worker has taken the job ends it as absent', async () => {
    const running = compositor.start(job);
    await running.seen('call.recording_started');
    const waiting = compositor.start(job);
    await eventually('the job is on the queue', () => waiting.stop());
    await running.stop();
    expect(await running.result).toMatchObject({ status: 'completed', end_reason: 'stopped' });
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
    await eventually(`phase ${phase}`, () =>
      run.events.some((event) => event.type === 'call.recording_phase' && event.phase === phase),
    );
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
    expect(await run.result).toMatchObject({ status: 'completed', end_reason: 'stopped' });
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

test('when the browser is killed, the recording fails and what was recorded is kept', async () => {
  const run = compositor.start(job);
  await eventually(
    'three seconds are recorded',
    () => run.events.some((event) => event.type === 'call.recording_progress' && event.elapsed_s > 3),
    { withinMs: 20_000 },
  );
  for (const pid of await processesNaming(`call-compositor-${compositor.pid}-`)) process.kill(pid, 'SIGKILL');
  const result = await run.result;
  expect(result).toMatchObject({ status: 'failed', end_reason: 'browser_failed' });
  const recording = await inspectRecording(String(result.file));
  const { videoFrameCount } = await recording.decodeAll();
  // Whole fragments are kept. Each begins with a key frame, which comes every 2 s.
  expect(videoFrameCount).toBeGreaterThanOrEqual(60);
  // The recorder no longer knows what has arrived, so the result says what the file holds.
  expect(result.frames).toBe(videoFrameCount);
  expect(Math.abs(result.duration_s - Number(recording.video?.durationS))).toBeLessThan(0.1);
  expect(result.size_bytes).toBe((await stat(String(result.file))).size);
});

test('a worker that is told to exit first stores what it records', async () => {
  const run = compositor.start(job);
  await run.seen('call.recording_progress');
  await compositor.leave();
  const result = await run.result;
  expect(result).toMatchObject({ status: 'completed', end_reason: 'worker_shutdown' });
  expect((await (await inspectRecording(String(result.file))).decodeAll()).errors).toEqual([]);
});
