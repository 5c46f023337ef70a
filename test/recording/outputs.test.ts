import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inspectRecording } from '../support/inspectRecording.ts';
import { slotsOf } from '../support/slotsOf.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

const MAIN = fileURLToPath(new URL('../../dist/worker/main.js', import.meta.url));
const run = promisify(execFile);

let compositor: Compositor;

beforeAll(async () => {
  compositor = await startCompositor({ COMPOSITOR_LOCAL_DIRS: '/etc/hostname' });
});

afterAll(() => compositor?.close());

const job = (extra: object) => ({
  call: { id: 'a', session_id: 's-1' },
  source: { kind: 'demo', participants: 2 },
  recording: { quality: '360p' },
  limits: { max_duration_s: 3 },
  ...extra,
});

test('one recording makes an MP4 and a WebM with the same pictures and sound', async () => {
  const outputs = [{ name: 'play' }, { name: 'edit', container: 'webm' }];
  const result = await compositor.record(job({ outputs }));
  expect(result).toMatchObject({ status: 'completed', session_id: 's-1', attempt: 1, error: null });
  expect(result.files.map(({ name, media_type, error }) => [name, media_type, error])).toEqual([
    ['play', 'video/mp4', null],
    ['edit', 'video/webm', null],
  ]);
  expect(result.file).toBe(result.files[0]?.file);
  for (const file of result.files) {
    const recording = await inspectRecording(String(file.file));
    expect(slotsOf(file)).toBe(90);
    expect(recording.durationS).toBeCloseTo(3, 1);
    expect(recording.audio?.channels).toBe(2);
    expect((await recording.decodeAll()).videoFrameCount).toBe(file.frames);
  }
});

test('outputs of the same encoding are the same file in two places', async () => {
  const storage = { kind: 'local', directory: 'second' };
  const result = await compositor.record(job({ outputs: [{ name: 'one' }, { name: 'two', storage }] }));
  const [one, two] = result.files;
  expect(two?.file).toContain('/second/');
  expect(one?.size_bytes).toBe(two?.size_bytes);
  expect(one?.frames).toBe(two?.frames);
  await run('cmp', [String(one?.file), String(two?.file)]);
});

test('an output that cannot be stored is reported, and the other one is stored', async () => {
  const storage = { kind: 'local', directory: '/etc/hostname/below-a-file' };
  const run = compositor.start(job({ outputs: [{ name: 'good' }, { name: 'bad', storage }] }));
  const result = await run.result;
  expect(result).toMatchObject({ status: 'completed', error: null });
  expect(result.files.map(({ file, error }) => [file !== null, error?.code ?? null])).toEqual([
    [true, null],
    [false, 'storage_failed'],
  ]);
  expect(result.warnings.map(({ code }) => code)).toEqual(['output_failed']);
});

test('after the job is gone, state, events and result can still be asked for', async () => {
  const run_ = compositor.start(job({ limits: { max_duration_s: 1 } }));
  const result = await run_.result;
  await compositor.idle();
  const { stdout } = await run(process.execPath, [MAIN, 'get', run_.recordingId], { env: compositor.env });
  const record = JSON.parse(stdout);
  expect(record).toMatchObject({ recording_id: run_.recordingId, state: 'ready', result });
  expect(record.events.map(({ type, phase }: { type: string; phase?: string }) => phase ?? type)).toEqual([
    'launching',
    'loading',
    'waiting',
    'recording',
    'call.recording_started',
    'finishing',
    'call.recording_stopped',
    'call.recording_ready',
  ]);
  await access(record.result.file);
});

test('a recording that no worker has reported is unknown', async () => {
  const asked = run(process.execPath, [MAIN, 'get', 'nobody'], { env: compositor.env });
  await expect(asked).rejects.toMatchObject({ code: 3, stderr: expect.stringContaining('nobody') });
});
