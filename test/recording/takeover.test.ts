import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import { processesNaming } from '../support/processesNaming.ts';
import { type Compositor, type RecordingRun, startCompositor } from '../support/startCompositor.ts';

/** Workers on one machine that share queue and folder. The first one brings Redis. */
const workers: Compositor[] = [];
/** Where the recording of a test begins. */
let busy: Compositor;

const first = () => workers[0] as Compositor;

beforeAll(async () => {
  workers.push(await startCompositor());
});

// A test may have failed in the middle: the next one finds neither its workers nor its recording.
beforeEach(async () => {
  await Promise.all(workers.map((worker) => worker.kill('SIGKILL')));
  await first().redis.flushall();
  busy = await anotherWorker();
});

afterAll(async () => {
  for (const worker of workers.reverse()) await worker.close();
});

async function anotherWorker(env: Record<string, string> = {}): Promise<Compositor> {
  const { REDIS_URL, COMPOSITOR_RECORDINGS_DIR } = first().env;
  const shared = { REDIS_URL, COMPOSITOR_RECORDINGS_DIR, COMPOSITOR_WARM_BROWSERS: '1' };
  const worker = await startCompositor({ ...(shared as Record<string, string>), ...env });
  workers.push(worker);
  return worker;
}

const job = { call: { id: 'a' }, source: { kind: 'demo', participants: 2 }, recording: { quality: '360p' } };

const secondsOf = ({ events }: RecordingRun) =>
  Math.max(0, ...events.map((event) => (event.type === 'call.recording_progress' ? event.elapsed_s : 0)));

const recordedUntil = (run: RecordingRun, seconds: number) =>
  eventually(`${seconds} s are recorded`, () => secondsOf(run) > seconds, { withinMs: 40_000 });

/** The recording is one: one final event, one file that can be played to its end, and every gap is stated. */
async function expectOneRecording(run: RecordingRun, most: { gaps: number; missingS: number }) {
  const result = await run.result;
  expect(result).toMatchObject({ status: 'completed', error: null });
  expect(run.events.filter((event) => 'result' in event)).toHaveLength(1);
  const { errors, videoFrameCount } = await (await inspectRecording(String(result.file))).decodeAll();
  expect({ errors, videoFrameCount }).toEqual({ errors: [], videoFrameCount: result.frames });
  const missing = result.gaps.map(({ from_s, until_s }) => Number(until_s) - from_s);
  expect(missing.length).toBeLessThanOrEqual(most.gaps);
  for (const seconds of missing) expect(seconds).toBeLessThan(most.missingS);
  return result;
}

const browsersOf = ({ pid }: Compositor) => processesNaming(`call-compositor-${pid}-`);

async function startRecording(): Promise<RecordingRun> {
  const run = first().start(job);
  await recordedUntil(run, 4);
  return run;
}

async function stopLater(run: RecordingRun): Promise<void> {
  await recordedUntil(run, secondsOf(run) + 4);
  await run.stop();
}

test('when its worker is killed, another one goes on with the recording in the same file', async () => {
  const run = await startRecording();
  await anotherWorker();
  await busy.kill('SIGKILL');
  await stopLater(run);
  expect(await expectOneRecording(run, { gaps: 1, missingS: 5 })).toMatchObject({ end_reason: 'stopped' });
  expect(await browsersOf(busy)).toEqual([]);
});

test('when its worker is told to leave, it hands the recording over to another one', async () => {
  const run = await startRecording();
  await anotherWorker();
  await busy.kill('SIGTERM');
  await stopLater(run);
  const result = await expectOneRecording(run, { gaps: 1, missingS: 5 });
  expect(result).toMatchObject({ end_reason: 'stopped', attempt: 1 });
});

test('a worker that is to finish records on after SIGTERM, until the recording is stopped', async () => {
  await busy.kill('SIGTERM');
  const worker = await anotherWorker({ COMPOSITOR_ON_SHUTDOWN: 'finish', COMPOSITOR_GRACE_S: '60' });
  const run = await startRecording();
  const left = worker.kill('SIGTERM');
  await stopLater(run);
  const result = await expectOneRecording(run, { gaps: 0, missingS: 0 });
  expect(result).toMatchObject({ end_reason: 'stopped', attempt: 1 });
  await left;
});

test('when its worker is killed and started anew, the new one goes on', async () => {
  const run = await startRecording();
  await busy.kill('SIGKILL');
  await anotherWorker();
  await stopLater(run);
  await expectOneRecording(run, { gaps: 1, missingS: 8 });
});

test('signals in any number end a recording once, and lose nothing of it', async () => {
  const run = await startRecording();
  const left = busy.kill('SIGTERM');
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGINT'] as const) process.kill(busy.pid, signal);
  await left;
  const result = await expectOneRecording(run, { gaps: 0, missingS: 0 });
  expect(result).toMatchObject({ end_reason: 'worker_shutdown' });
});
