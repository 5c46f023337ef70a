import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import { processesNaming } from '../support/processesNaming.ts';
import { type Compositor, type RecordingRun, startCompositor } from '../support/startCompositor.ts';

/** Two workers on one machine that share queue and folder; a third may come. */
let first: Compositor;
const others: Compositor[] = [];

beforeAll(async () => {
  first = await startCompositor({ COMPOSITOR_WARM_BROWSERS: '1' });
});

afterAll(async () => {
  for (const other of others) await other.close();
  await first?.close();
});

async function anotherWorker(env: Record<string, string> = {}): Promise<Compositor> {
  const { REDIS_URL, COMPOSITOR_RECORDINGS_DIR } = first.env;
  const shared = { REDIS_URL, COMPOSITOR_RECORDINGS_DIR, COMPOSITOR_WARM_BROWSERS: '1' };
  const worker = await startCompositor({ ...(shared as Record<string, string>), ...env });
  others.push(worker);
  return worker;
}

const job = { call: { id: 'a' }, source: { kind: 'demo', participants: 2 }, recording: { quality: '360p' } };

const secondsOf = ({ events }: RecordingRun) =>
  Math.max(0, ...events.map((event) => (event.type === 'call.recording_progress' ? event.elapsed_s : 0)));

const recordedUntil = (run: RecordingRun, seconds: number) =>
  eventually(`${seconds} s are recorded`, () => secondsOf(run) > seconds, { withinMs: 40_000 });

const finals = ({ events }: RecordingRun) => events.filter((event) => 'result' in event);

test('when a worker is killed, another one goes on with its recording in the same file', async () => {
  const second = await anotherWorker();
  const run = first.start(job);
  await recordedUntil(run, 4);
  const killedAtMs = Date.now();
  await first.kill('SIGKILL');
  await eventually('its browsers are gone', async () => {
    return (await processesNaming(`call-compositor-${first.pid}-`)).length === 0;
  });
  const before = secondsOf(run);
  await recordedUntil(run, before + 5);
  await run.stop();
  const result = await run.result;
  console.log(JSON.stringify({ killedAtMs, result }, null, 1), second.log());
  expect(result).toMatchObject({ status: 'completed', end_reason: 'stopped', error: null });
  expect(finals(run)).toHaveLength(1);
  expect(result.files).toHaveLength(1);
  const { errors, videoFrameCount } = await (await inspectRecording(String(result.file))).decodeAll();
  expect({ errors, videoFrameCount }).toEqual({ errors: [], videoFrameCount: result.frames });
});
