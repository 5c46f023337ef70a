import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import type { PauseMode, RecordingResult } from '../../shared/events/recordingEvents.ts';
import { type Analysis, analyzeRecording } from '../bench/analyzeRecording.ts';
import { median } from '../bench/statistics.ts';
import { elapsed, lastElapsed } from '../support/calls/scenes.ts';
import { eventually } from '../support/eventually.ts';
import { decodeFrames } from '../support/inspect/decodeFrames.ts';
import { decodeSound, SAMPLE_RATE_HZ } from '../support/inspect/decodeSound.ts';
import { sharesOfHues } from '../support/inspect/sharesOfHues.ts';
import { toneLevelDb } from '../support/inspect/toneLevelDb.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import { keepRecording } from '../support/keepRecording.ts';
import { renderersOf } from '../support/renderersOf.ts';
import { serveFolder } from '../support/serveFolder.ts';
import { type SecretPage, serveSecret } from '../support/serveSecret.ts';
import { type Compositor, type RecordingRun, startCompositor } from '../support/startCompositor.ts';
import { type S3, s3Missing, startS3 } from '../support/startS3.ts';

/** Shows the wall clock as a bar code, and flashes and beeps at each full second of it. */
const WALL_CLOCK = fileURLToPath(new URL('../bench/page', import.meta.url));
/** A picture may be in a slot three quarters of a frame (25 ms) away from its instant, and is drawn up to two frames late. */
const MOST_LATER_MS = 95;
/** One frame, the same 25 ms, and the 20 ms after which sound is moved. */
const MOST_APART_MS = 80;
const MAGENTA_DEG = 300;
const SECRET_HZ = 3_000;
const HUM_HZ = 440;
/** How often the page says that it shows its secret, 15 times a second at most: two seconds or more. */
const SHOWN_TIMES = 30;
/** Of a sentence that is said so quietly, not a word can be heard. */
const INAUDIBLE_DB = -70;
/** Sound is searched for the secret in pieces of a quarter of a second. */
const PIECE_SAMPLES = SAMPLE_RATE_HZ / 4;

let compositor: Compositor;
let clock: Awaited<ReturnType<typeof serveFolder>>;
let s3: S3 | null = null;

beforeAll(async () => {
  clock = await serveFolder(WALL_CLOCK);
  if (s3Missing) console.warn(`The bucket is left out: ${s3Missing}`);
  else s3 = await startS3();
  await s3?.createBucket('paused');
  compositor = await startCompositor();
});
afterAll(async () => {
  await compositor?.close();
  await Promise.all([clock?.close(), s3?.stop()]);
});

const clockJob = (more: object = {}) => ({
  call: { id: 'paused' },
  recording: { quality: '360p', layout: { external_app_url: clock.url('?n=0&wall') } },
  limits: { max_duration_s: 60 },
  ...more,
});

/** Each test tells a page of its own what to show, because they run at once. */
async function ownPage({ onTestFinished }: TestContext): Promise<SecretPage> {
  const page = await serveSecret();
  onTestFinished(async () => void (await page.close()));
  return page;
}

/** A worker that a test may kill, or whose files it looks at. */
async function ownCompositor(
  { onTestFinished }: TestContext,
  env?: Record<string, string>,
): Promise<Compositor> {
  const own = await startCompositor(env);
  onTestFinished(() => own.close());
  return own;
}

const secretJob = (page: SecretPage, recording: object = {}, more: object = {}) => ({
  call: { id: 'secret' },
  recording: { quality: '360p', layout: { external_app_url: page.url() }, ...recording },
  limits: { max_duration_s: 60 },
  ...more,
});

/** Resolves once so many more seconds are recorded: a pause may be in the file. */
function recordOn(run: RecordingRun, seconds: number): Promise<unknown> {
  return elapsed(run, Math.max(lastElapsed(run), Number(pausesOf(run).at(-1)?.until_s ?? 0)) + seconds);
}

/** Every file below a folder, with its size. */
async function filesIn(folder: string): Promise<Record<string, number>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(await Promise.all(files.map(async (file) => [file, (await stat(file)).size])));
}

/** In which share of each frame the secret is. */
async function sharesOfSecret(path: string): Promise<number[]> {
  const rect = { xPx: 0, yPx: 0, widthPx: 640, heightPx: 360 };
  const found: number[] = [];
  for await (const frame of decodeFrames(path, { fromS: 0, toS: 600, rect, pixels: 'rgb24' }))
    found.push(sharesOfHues(frame, [MAGENTA_DEG])[0] ?? 0);
  return found;
}

/** Everything that is in the file is decoded, and none of it is the secret. */
async function expectNoSecret(path: string): Promise<void> {
  const shares = await sharesOfSecret(path);
  expect(shares.length).toBeGreaterThan(60);
  expect(Math.max(...shares)).toBeLessThan(0.002);
  const recording = await inspectRecording(path);
  const toS = Number(recording.durationS);
  const samples = await decodeSound(path, Number(recording.audio?.channels), { fromS: 0, toS });
  for (let from = 0; from + PIECE_SAMPLES <= samples.length; from += PIECE_SAMPLES)
    expect(toneLevelDb(samples.subarray(from, from + PIECE_SAMPLES), SECRET_HZ)).toBeLessThan(INAUDIBLE_DB);
}

/** Shows the secret for a while in the middle of a pause, and nothing of it before and after. */
async function pauseForSecret(
  run: RecordingRun,
  page: SecretPage,
  mode: PauseMode,
): Promise<{ backAfterMs: number }> {
  await recordOn(run, 3);
  await run.pause(mode);
  await page.show('secret', SHOWN_TIMES);
  await page.show('nothing', 3);
  return { backAfterMs: await run.resume() };
}

describe.concurrent('what is shown and said in a pause', () => {
  test.for([
    ['skip', 'drawn'],
    ['silence', 'drawn'],
    ['skip', 'decoded'],
    ['silence', 'decoded'],
  ] as const)('is in no file of the recording (%s, videos %s)', async ([mode, videos], context) => {
    const page = await ownPage(context);
    const isDecoded = videos === 'decoded';
    const layout = { external_app_url: page.url(isDecoded ? '?composed' : '') };
    const run = compositor.start(secretJob(page, { layout, videos }));
    const { backAfterMs } = await pauseForSecret(run, page, mode);
    await recordOn(run, 3);
    await run.stop();
    const result = await run.result;
    expect(result).toMatchObject({ status: 'completed', error: null, gaps: [], warnings: [] });
    expect(result.pauses).toMatchObject([{ mode, lasted_s: expect.any(Number) }]);
    await keepRecording(result, `paused ${mode} ${videos}`);
    await expectNoSecret(String(result.file));
    if (isDecoded) expect(result.decoded_s).toBeGreaterThan(3);
    const [pause] = result.pauses;
    const inFileS = Number(pause?.until_s) - Number(pause?.from_s);
    const lastedS = Number(pause?.lasted_s);
    expect(lastedS).toBeGreaterThan(2);
    expect(inFileS).toBeCloseTo(mode === 'skip' ? 0 : lastedS, 1);
    const recording = await inspectRecording(String(result.file));
    expect(Math.abs(Number(recording.durationS) - result.duration_s)).toBeLessThan(0.1);
    // What is not the secret is heard up to the pause, and again after it.
    const [fromS, untilS] = [Number(pause?.from_s), Number(pause?.until_s)];
    const humAt = (atS: number) => recording.toneLevelDb({ fromS: atS, toS: atS + 0.3, hz: HUM_HZ });
    expect(await humAt(fromS - 0.4)).toBeGreaterThan(-30);
    expect(await humAt(untilS + 0.1)).toBeGreaterThan(-30);
    if (mode === 'silence') expect(await humAt(fromS + 0.3)).toBeLessThan(INAUDIBLE_DB);
    expect(result.dropped_frames).toBeLessThan(30);
    console.log(`${mode}, ${videos}: goes on ${Math.round(backAfterMs)} ms after it was asked for`);
  });

  test('would be found, if it were recorded', async (context) => {
    const page = await ownPage(context);
    const run = compositor.start(secretJob(page));
    await elapsed(run, 1);
    await page.show('secret', 10);
    await run.stop();
    await page.show('nothing', 0);
    const { file } = await run.result;
    expect(Math.max(...(await sharesOfSecret(String(file))))).toBeGreaterThan(0.5);
    const recording = await inspectRecording(String(file));
    const toS = Number(recording.durationS);
    expect(await recording.toneLevelDb({ fromS: toS - 0.3, toS, hz: SECRET_HZ })).toBeGreaterThan(-30);
  });

  test('reaches neither disk nor bucket: nothing at all is written while it lasts', async (context) => {
    const page = await ownPage(context);
    const own = await ownCompositor(context);
    const bucket = s3 && {
      ...{ kind: 's3', bucket: 'paused', region: s3.region, endpoint: s3.endpoint, force_path_style: true },
      ...{ access_key_id: s3.accessKeyId, secret_access_key: s3.secretAccessKey, durability: 'machine' },
    };
    const storage = bucket ?? { kind: 'local' };
    const run = own.start(secretJob(page, {}, { storage }));
    await elapsed(run, 3);
    await run.pause('skip');
    const places = [own.recordingsDir, ...(s3 ? [s3.folderPath] : [])];
    const media = async () => {
      const found = await Promise.all(places.map(filesIn));
      // The manifest says that it is paused, and the bucket has files of its own.
      return Object.entries(Object.assign({}, ...found)).filter(
        ([path]) => !/json$|vgwlocks|\/meta\//.test(path),
      );
    };
    // What was captured before the pause is sent to the bucket within a second.
    await page.show('secret', SHOWN_TIMES);
    const before = await media();
    expect(before.length).toBeGreaterThan(0);
    await page.show('secret', 2 * SHOWN_TIMES);
    expect(await media()).toEqual(before);
    await page.show('nothing', 3);
    await run.resume();
    await recordOn(run, 2);
    await run.stop();
    const result = await run.result;
    expect(result).toMatchObject({ status: 'completed', error: null, gaps: [] });
    const path = s3 ? s3.objectPath('paused', String(result.file).replace('s3://paused/', '')) : result.file;
    await expectNoSecret(String(path));
  });
});

describe.concurrent('a recording that is paused', () => {
  test('can be ended, and its file ends where the pause began', async () => {
    const run = compositor.start(clockJob());
    await elapsed(run, 3);
    await run.pause('silence');
    await run.stop();
    const result = await run.result;
    expect(result).toMatchObject({ status: 'completed', error: null, end_reason: 'stopped', gaps: [] });
    expect(result.pauses).toMatchObject([{ from_s: result.duration_s, until_s: null, lasted_s: null }]);
    const { errors } = await (await inspectRecording(String(result.file))).decodeAll();
    expect(errors).toEqual([]);
  });

  test('before its first picture has none, until it goes on', async (context) => {
    const page = await ownPage(context);
    const run = compositor.start(secretJob(page));
    await run.pause('skip');
    await page.show('secret', SHOWN_TIMES);
    await page.show('nothing', 3);
    expect(run.events.map(({ type }) => type)).not.toContain('call.recording_started');
    await run.resume();
    await elapsed(run, 3);
    await run.stop();
    const result = await run.result;
    expect(result).toMatchObject({ status: 'completed', error: null, pauses: [], gaps: [] });
    await expectNoSecret(String(result.file));
  });

  test('has its full length left afterwards', async () => {
    const run = compositor.start(clockJob({ limits: { max_duration_s: 6 } }));
    await elapsed(run, 3);
    await run.pause('skip');
    const pausedAtMs = performance.now();
    await eventually('5 s are over', () => performance.now() - pausedAtMs > 5_000);
    await run.resume();
    const result = await run.result;
    expect(result).toMatchObject({ status: 'completed', end_reason: 'max_duration', duration_s: 6 });
    expect(result.pauses[0]?.lasted_s).toBeGreaterThan(4.9);
  });

  test('ends at its full length in a pause that is in the file', async () => {
    const run = compositor.start(clockJob({ limits: { max_duration_s: 6 } }));
    await elapsed(run, 3);
    await run.pause('silence');
    expect((await run.result).end_reason).toBe('max_duration');
  });

  test('with sound alone has nothing of the pause, and goes on behind it', async (context) => {
    const page = await ownPage(context);
    const run = compositor.start(secretJob(page, { audio_only: true }));
    await pauseForSecret(run, page, 'skip');
    await recordOn(run, 3);
    await run.stop();
    const result = await run.result;
    expect(result).toMatchObject({ status: 'completed', error: null, gaps: [], pauses: [{ mode: 'skip' }] });
    const recording = await inspectRecording(String(result.file));
    const all = { fromS: 0.2, toS: result.duration_s };
    expect(await recording.toneLevelDb({ ...all, hz: SECRET_HZ })).toBeLessThan(INAUDIBLE_DB);
    expect(await recording.toneLevelDb({ ...all, hz: HUM_HZ })).toBeGreaterThan(-30);
    const until = Number(result.pauses[0]?.until_s);
    for (const atS of [until - 0.35, until + 0.05])
      expect(await recording.toneLevelDb({ fromS: atS, toS: atS + 0.3, hz: HUM_HZ })).toBeGreaterThan(-30);
  });
});

/** How far picture and sound are from the wall clock, and from each other, before and after each pause. */
function partsOf({ lags, avOffsets }: Analysis, { pauses }: RecordingResult) {
  const starts = [0, ...pauses.map(({ until_s }) => Number(until_s))];
  const ends = [...pauses.map(({ from_s }) => from_s), Number.POSITIVE_INFINITY];
  return starts.map((fromS, index) => {
    const isIn = ({ atS }: { atS: number }) => atS >= fromS && atS < Number(ends[index]);
    const offsets = avOffsets.filter(isIn).map(({ byClockMs }) => byClockMs);
    return {
      lagMs: Number(median(lags.filter(isIn).map(({ lagMs }) => lagMs))),
      beepAfterFlashMs: Number(median(offsets)),
      flashes: offsets.length,
    };
  });
}

/** The file can be played, holds what the result says, and is in step after each pause as before it. */
async function expectInStep(result: RecordingResult): Promise<void> {
  const recording = await inspectRecording(String(result.file));
  const { errors, videoFrameCount } = await recording.decodeAll();
  expect({ errors, videoFrameCount }).toEqual({ errors: [], videoFrameCount: result.frames });
  expect(Math.abs(Number(recording.durationS) - result.duration_s)).toBeLessThan(0.1);
  const parts = partsOf(await analyzeRecording(String(result.file)), result);
  let skippedMs = 0;
  parts.forEach((part, index) => {
    const pause = result.pauses[index - 1];
    if (pause?.mode === 'skip') skippedMs += Number(pause.lasted_s) * 1000;
    expect(part.flashes).toBeGreaterThan(1);
    expect(Math.abs(part.lagMs + skippedMs - Number(parts[0]?.lagMs))).toBeLessThan(MOST_LATER_MS);
    expect(Math.abs(part.beepAfterFlashMs - Number(parts[0]?.beepAfterFlashMs))).toBeLessThan(MOST_APART_MS);
  });
  // The first picture after a pause needs none of those before it.
  const frames = await recording.frameTimes();
  for (const { until_s } of result.pauses)
    expect(frames.find(({ atS }) => atS >= Number(until_s) - 0.01)?.isKey).toBe(true);
}

test('picture and sound are in step before and after pauses of both kinds, in each container', async () => {
  const outputs = ['mp4', 'webm'].map((container) => ({ name: container, container }));
  const run = compositor.start(clockJob({ outputs }));
  for (const mode of ['skip', 'silence'] as const) {
    await recordOn(run, 4);
    await run.pause(mode);
    const { paused_at } = pausesOf(run).at(-1) ?? {};
    await eventually('2.5 s are over', () => Date.now() - Date.parse(String(paused_at)) > 2_500);
    await run.resume();
  }
  await recordOn(run, 4);
  await run.stop();
  const result = await run.result;
  expect(result).toMatchObject({ status: 'completed', error: null, gaps: [], warnings: [] });
  expect(result.pauses.map(({ mode }) => mode)).toEqual(['skip', 'silence']);
  await keepRecording(result, 'pauses');
  expect(result.files.map(({ error }) => error)).toEqual([null, null]);
  for (const file of result.files) await expectInStep({ ...result, ...file, error: null });
});

function pausesOf({ events }: RecordingRun) {
  const told = events.findLast((event) => event.type === 'call.recording_phase' && event.pauses);
  return told?.type === 'call.recording_phase' ? (told.pauses ?? []) : [];
}

/** Another worker for the recordings of the first one. */
function beside(first: Compositor, context: TestContext): Promise<Compositor> {
  const { REDIS_URL, COMPOSITOR_RECORDINGS_DIR } = first.env;
  return ownCompositor(context, { REDIS_URL, COMPOSITOR_RECORDINGS_DIR } as Record<string, string>);
}

describe.concurrent('a paused recording whose worker or page is lost', () => {
  test('stays so when its worker is lost, and goes on in another one', async (context) => {
    const first = await ownCompositor(context);
    const run = first.start(clockJob());
    await elapsed(run, 4);
    await run.pause('skip');
    await beside(first, context);
    const told = run.events.length;
    await first.kill('SIGKILL');
    const phases = () =>
      run.events.slice(told).flatMap((event) => (event.type === 'call.recording_phase' ? event.phase : []));
    await eventually('the other worker says so', () => phases().includes('paused'), { withinMs: 60_000 });
    expect(phases()).toEqual(['launching', 'loading', 'waiting', 'paused']);
    await run.resume();
    await recordOn(run, 4);
    await run.stop();
    const result = await run.result;
    expect(result).toMatchObject({ status: 'completed', error: null, gaps: [], attempt: 2 });
    expect(result.pauses).toHaveLength(1);
    await keepRecording(result, 'paused and taken over');
    await expectInStep(result);
  });

  test('is handed over as it is by a worker that leaves', async (context) => {
    const first = await ownCompositor(context);
    const run = first.start(clockJob());
    await elapsed(run, 4);
    await run.pause('silence');
    await beside(first, context);
    const told = run.events.length;
    await first.leave();
    await eventually('the other worker says so', () => run.events.slice(told).some(isPaused), {
      withinMs: 60_000,
    });
    await run.resume();
    await recordOn(run, 4);
    await run.stop();
    const result = await run.result;
    expect(result).toMatchObject({ status: 'completed', error: null, gaps: [], attempt: 1 });
    expect(result.pauses).toHaveLength(1);
    await expectInStep(result);
  });

  test('opens its page anew when that crashes, stays paused, and goes on', async (context) => {
    const own = await ownCompositor(context);
    const run = own.start(clockJob());
    await elapsed(run, 4);
    await run.pause('skip');
    const [lost] = await renderersOf(own.pid);
    for (const pid of await renderersOf(own.pid)) process.kill(pid, 'SIGKILL');
    await eventually('there is another page', async () => {
      const [now] = await renderersOf(own.pid);
      return now !== undefined && now !== lost;
    });
    await run.resume();
    await recordOn(run, 4);
    await run.stop();
    const result = await run.result;
    expect(result).toMatchObject({ status: 'completed', error: null, gaps: [] });
    await expectInStep(result);
  });
});

function isPaused(event: RecordingRun['events'][number]): boolean {
  return event.type === 'call.recording_phase' && event.phase === 'paused';
}
