import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RecordingResult } from '../../shared/events/recordingEvents.ts';
import { type Analysis, analyzeRecording } from '../bench/analyzeRecording.ts';
import { familyOf, kindOf } from '../bench/processTree.ts';
import { median } from '../bench/statistics.ts';
import { eventually } from '../support/eventually.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import { serveFolder } from '../support/serveFolder.ts';
import { type Compositor, type RecordingRun, startCompositor } from '../support/startCompositor.ts';

/** Shows the wall clock as a bar code, and flashes and beeps at each full second of it. */
const WALL_CLOCK = fileURLToPath(new URL('../bench/page', import.meta.url));

/** What is recorded before something is killed: two key frames, so that a fragment is complete. */
const RECORDED_S = 4;
/** The worker's promise for a browser or a page that is lost, in seconds from the loss. */
const BACK_WITHIN_S = 3;
/** A fragment lasts from key frame to key frame, 2 s, and another frame's time until it is written. */
const MOST_LOST_S = 2.2;
/**
 * How far a picture may move against the wall clock at a cut: the page may be drawn two frames (67 ms) later after it,
 * recorded or not, and a picture may be in a slot three quarters of a frame (25 ms) away from its instant.
 */
const MOST_LATER_MS = 95;
/** A recording has ended once its encoders are closed, which takes time after its last picture. A gap is longer. */
const MOST_AFTER_END_S = 1.5;
/** How far sound may move against the picture: one frame, the same 25 ms, and the 20 ms after which sound is moved. */
const MOST_APART_MS = 80;

let compositor: Compositor;
let clock: Awaited<ReturnType<typeof serveFolder>>;

beforeAll(async () => {
  clock = await serveFolder(WALL_CLOCK);
  compositor = await startCompositor();
});

afterAll(async () => {
  await compositor?.close();
  await clock?.close();
});

const elapsedS = ({ events }: RecordingRun) =>
  events.reduce((last, event) => (event.type === 'call.recording_progress' ? event.elapsed_s : last), 0);

function recorded(run: RecordingRun, seconds: number) {
  return eventually(`${seconds} s are recorded`, () => elapsedS(run) >= seconds, { withinMs: 30_000 });
}

function startClock(more: object = {}) {
  return compositor.start({
    call: { id: 'goes-on' },
    recording: { quality: '360p', layout: { external_app_url: clock.url('?n=0&wall') } },
    limits: { max_duration_s: 60 },
    ...more,
  });
}

function processesOf(kind: string): number[] {
  return familyOf(compositor.pid).filter((pid) => kindOf(pid) === kind);
}

/** Records for a while, does something, and records on until the recording is this long. */
async function interrupt(
  run: RecordingRun,
  disturb: () => Promise<void> | void,
  untilS = RECORDED_S + 7,
): Promise<RecordingResult> {
  await recorded(run, RECORDED_S);
  await disturb();
  await recorded(run, untilS);
  await run.stop();
  return run.result;
}

/** The file is whole, as long as the call was, and in step before and after each gap. */
async function expectInStep(result: RecordingResult, file: string | null): Promise<void> {
  const recording = await inspectRecording(String(file));
  const { errors, videoFrameCount } = await recording.decodeAll();
  expect({ errors, videoFrameCount }).toEqual({ errors: [], videoFrameCount: result.frames });
  expect(Math.abs(Number(recording.durationS) - result.duration_s)).toBeLessThan(0.1);
  const wallClockS = (Date.parse(result.ended_at) - Date.parse(String(result.started_at))) / 1000;
  expect(Math.abs(result.duration_s - wallClockS)).toBeLessThan(MOST_AFTER_END_S);

  const analysis = await analyzeRecording(String(file));
  const [first, ...more] = partsOf(analysis, result);
  for (const part of more) {
    expect(Math.abs(part.lagMs - Number(first?.lagMs))).toBeLessThan(MOST_LATER_MS);
    expect(Math.abs(part.beepAfterFlashMs - Number(first?.beepAfterFlashMs))).toBeLessThan(MOST_APART_MS);
  }
}

/** How far picture and sound are from the wall clock, and from each other, before, between and after the gaps. */
function partsOf({ lags, avOffsets }: Analysis, { gaps }: RecordingResult) {
  const starts = [0, ...gaps.map(({ until_s }) => Number(until_s))];
  const ends = [...gaps.map(({ from_s }) => from_s), Number.POSITIVE_INFINITY];
  return starts.map((fromS, index) => {
    const isIn = ({ atS }: { atS: number }) => atS >= fromS && atS < Number(ends[index]);
    const offsets = avOffsets.filter(isIn).map(({ byClockMs }) => byClockMs);
    expect(offsets.length).toBeGreaterThanOrEqual(2);
    return {
      lagMs: Number(median(lags.filter(isIn).map(({ lagMs }) => lagMs))),
      beepAfterFlashMs: Number(median(offsets)),
    };
  });
}

describe('a recording goes on', () => {
  test.each([
    ['browser', 'browser_failed', ['mp4', 'webm']],
    ['recorder page', 'capture_failed', ['mp4']],
    ['recorded page', 'page_crashed', ['mp4']],
  ])('when its %s is killed', { timeout: 90_000 }, async (kind, code, containers) => {
    const run = startClock({ outputs: containers.map((container) => ({ name: container, container })) });
    let killedAtMs = 0;
    const result = await interrupt(run, () => {
      killedAtMs = Date.now();
      for (const pid of processesOf(kind)) process.kill(pid, 'SIGKILL');
    });
    expect(result).toMatchObject({ status: 'completed', end_reason: 'stopped', error: null });
    expect(result.gaps).toEqual([
      { from_s: expect.any(Number), until_s: expect.any(Number), reason: expect.stringContaining(code) },
    ]);
    expect(result.warnings.filter(({ code }) => code === 'recording_interrupted')).toEqual([
      expect.objectContaining({ at_s: result.gaps[0]?.from_s, until_s: result.gaps[0]?.until_s }),
    ]);
    const killedAtS = (killedAtMs - Date.parse(String(result.started_at))) / 1000;
    const { from_s: fromS, until_s: untilS } = result.gaps[0] as { from_s: number; until_s: number };
    console.info(`${kind}: killed at ${killedAtS} s, nothing from ${fromS} s to ${untilS} s`);
    expect(killedAtS - fromS).toBeLessThan(MOST_LOST_S);
    expect(untilS - killedAtS).toBeLessThan(BACK_WITHIN_S);
    expect(result.frames + result.dropped_frames).toBe(Math.round(result.duration_s * 30));
    expect(result.files.map(({ error }) => error)).toEqual(containers.map(() => null));
    for (const file of result.files) await expectInStep({ ...result, ...file, error: null }, file.file);
  });

  test('without a gap when its GPU process is killed, because Chromium starts another one', {
    timeout: 90_000,
  }, async () => {
    const run = startClock();
    const result = await interrupt(run, () => {
      for (const pid of processesOf('gpu-process')) process.kill(pid, 'SIGKILL');
    });
    expect(result).toMatchObject({ status: 'completed', gaps: [], error: null });
    await expectInStep(result, result.file);
  });

  test('when every process was suspended for 8 s, and says so', { timeout: 90_000 }, async () => {
    const run = startClock();
    const result = await interrupt(
      run,
      async () => {
        const family = familyOf(compositor.pid);
        for (const pid of family) process.kill(pid, 'SIGSTOP');
        await new Promise((resolve) => setTimeout(resolve, 8_000));
        for (const pid of family.reverse()) process.kill(pid, 'SIGCONT');
      },
      RECORDED_S + 14,
    );
    expect(result).toMatchObject({ status: 'completed', error: null });
    expect(result.gaps).toEqual([
      expect.objectContaining({ reason: expect.stringContaining('the machine was suspended') }),
    ]);
    const gap = result.gaps[0] as { from_s: number; until_s: number };
    expect(Math.abs(gap.until_s - gap.from_s - 8)).toBeLessThan(1.2);
    await expectInStep(result, result.file);
  });
});

test('a stop in a gap ends the recording at once, with the last picture before the gap', async () => {
  const run = startClock();
  await recorded(run, RECORDED_S);
  for (const pid of processesOf('browser')) process.kill(pid, 'SIGKILL');
  await run.seen('call.recording_warning');
  const stoppedAtMs = Date.now();
  await run.stop();
  const result = await run.result;
  expect(Date.now() - stoppedAtMs).toBeLessThan(3_000);
  expect(result).toMatchObject({ status: 'completed', end_reason: 'stopped', error: null });
  expect(result.gaps).toEqual([{ from_s: result.duration_s, until_s: null, reason: expect.any(String) }]);
  expect((await (await inspectRecording(String(result.file))).decodeAll()).errors).toEqual([]);
});
