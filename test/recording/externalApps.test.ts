import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/freePort.ts';
import { inspectRecording, type Recording } from '../support/inspectRecording.ts';
import { processesNaming } from '../support/processesNaming.ts';
import { renderersOf } from '../support/renderersOf.ts';
import { servePages } from '../support/servePages.ts';
import { slotsOf } from '../support/slotsOf.ts';
import { type Compositor, type RecordingRun, startCompositor } from '../support/startCompositor.ts';

let compositor: Compositor;
let pages: Awaited<ReturnType<typeof servePages>>;

beforeAll(async () => {
  pages = await servePages();
  compositor = await startCompositor({ COMPOSITOR_COST_SCALE: '0.5' });
});

afterAll(async () => {
  await compositor?.close();
  await pages?.close();
});

const job = (page: string, extra: object = {}, layout: object = {}) => ({
  call: { id: 'green' },
  recording: { quality: '360p', layout: { ...layout, external_app_url: pages.url(page) } },
  limits: { max_duration_s: 3, ready_timeout_s: 10 },
  ...extra,
});

/** The background that the test pages draw if they were given what their contract promises. */
async function expectGreenAndMoving(recording: Recording): Promise<void> {
  const [red, green, blue] = await recording.meanColorAt({ atS: 1 });
  expect(green).toBeGreaterThan(red + 50);
  expect(green).toBeGreaterThan(blue + 50);
  expect(await recording.motionIn({ fromS: 0.5, toS: 2 })).toBeGreaterThan(1);
}

describe.concurrent('a page is recorded through', () => {
  test('the setupLayout contract', async () => {
    const result = await compositor.record(job('setup-layout.html'));
    expect(result).toMatchObject({
      status: 'completed',
      error: null,
      ready_signal: 'marker',
      end_reason: 'max_duration',
    });
    expect(slotsOf(result)).toBe(90);
    await expectGreenAndMoving(await inspectRecording(String(result.file)));
  });

  test('the template contract until END_RECORDING', async () => {
    const source = { kind: 'app', url: 'wss://lk.example', token: 'secret' };
    const given = job('template.html', { source, limits: { max_duration_s: 20 } }, { name: 'grid' });
    const result = await compositor.record(given);
    expect(result).toMatchObject({
      status: 'completed',
      error: null,
      ready_signal: 'console',
      end_reason: 'call_ended',
    });
    expect(result.duration_s).toBeGreaterThan(1);
    expect(result.duration_s).toBeLessThan(5); // the page ends after 2 s
    await expectGreenAndMoving(await inspectRecording(String(result.file)));
  });

  test('the navigator contract', async () => {
    const result = await compositor.record(job('navigator.html'));
    expect(result).toMatchObject({ status: 'completed', error: null, ready_signal: 'navigator' });
  });

  test('the fallback timer if it is never ready, and the result says so', async () => {
    const result = await compositor.record(
      job('never-ready.html', { limits: { max_duration_s: 2, ready_timeout_s: 1.5 } }),
    );
    expect(result).toMatchObject({ status: 'completed', error: null, ready_signal: 'fallback' });
    expect(slotsOf(result)).toBe(60);
    expect(result.warnings.map(({ code }) => code)).toEqual(['ready_fallback']);
  });
});

test.concurrent.each([
  ['is missing is recorded with a warning', 'none.css', 'none.css could not be loaded by the layout app'],
  ['is there is recorded without a warning', 'picture.css', null],
])('an app whose external stylesheet %s', async (_what, name, message) => {
  const layout = { external_css_url: pages.url(name) };
  const result = await compositor.record(job('setup-layout.html', { limits: { max_duration_s: 1 } }, layout));
  expect(result).toMatchObject({ status: 'completed', error: null, ready_signal: 'marker' });
  expect(result.warnings).toMatchObject(
    message ? [{ code: 'css_failed', message: expect.stringContaining(message), at_s: 0 }] : [],
  );
});

test.concurrent('the recording of a page that never changes has its full length', async () => {
  const result = await compositor.record(job('still.html'));
  expect(result).toMatchObject({ status: 'completed', error: null, duration_s: 3, warnings: [] });
  expect(slotsOf(result)).toBe(90);
  const { video, audio } = await inspectRecording(String(result.file));
  expect(video?.durationS).toBeCloseTo(3, 1);
  expect(audio?.durationS).toBeCloseTo(3, 1);
});

describe.concurrent('a page that fails before it is ready', () => {
  test.each([
    ['answers 404', 'no-such-page.html', 'page_http_error', 'answered with HTTP status 404'],
    ['shows div.error', 'error.html', 'page_error', 'the room is locked'],
  ])('%s', async (_what, page, code, message) => {
    const result = await compositor.record(job(page));
    expect(result).toMatchObject({ status: 'failed', file: null, end_reason: code, error: { code } });
    expect(result.error?.message).toContain(message);
  });

  test('cannot be reached', async () => {
    const recording = { layout: { external_app_url: `http://127.0.0.1:${await freePort()}/` } };
    const result = await compositor.record(job('', { recording }));
    expect(result.error).toMatchObject({ code: 'page_unreachable' });
    expect(result.error?.message).toContain('ECONNREFUSED');
  });
});

describe.concurrent('a page that fails while it is recorded keeps what was recorded', () => {
  test('when it shows an error', async () => {
    const result = await compositor.record(
      job('misbehaves.html?then=error', { limits: { max_duration_s: 30 } }),
    );
    expect(result).toMatchObject({
      status: 'failed',
      end_reason: 'page_error',
      error: { code: 'page_error' },
    });
    expect(result.duration_s).toBeGreaterThan(1);
    expect(result.duration_s).toBeLessThan(2 + 5);
    const { videoFrameCount, errors } = await (await inspectRecording(String(result.file))).decodeAll();
    expect(videoFrameCount).toBe(result.frames);
    expect(errors).toEqual([]);
  });

  test('when it freezes, and a warning comes within 5 s', async () => {
    const run = compositor.start(job('misbehaves.html?then=freeze', { limits: { max_duration_s: 30 } }));
    await interrupted(run);
    await run.stop();
    const result = await run.result;
    expect(result.gaps[0]?.reason).toContain('page_frozen');
    const [warning] = result.warnings;
    expect(warning).toMatchObject({ code: 'page_slow' });
    expect(warning?.at_s).toBeLessThan(2 + 5.5);
  });
});

test.concurrent.each(['reload', 'alert'])('no picture is lost when a page calls %s', async (then) => {
  const result = await compositor.record(
    job(`misbehaves.html?then=${then}`, { limits: { max_duration_s: 4 } }),
  );
  expect(result).toMatchObject({ status: 'completed', error: null, end_reason: 'max_duration' });
  expect(slotsOf(result)).toBe(120);
});

// These run one at a time, because they count or kill all processes of the worker.

test('what was recorded before its tab crashes is kept', async () => {
  const run = compositor.start(
    job('never-ready.html', { limits: { max_duration_s: 30, ready_timeout_s: 1 } }),
  );
  await run.seen('call.recording_started');
  await eventually('two seconds are recorded', () =>
    run.events.some((event) => event.type === 'call.recording_progress' && event.elapsed_s > 2),
  );
  for (const pid of await renderersOf(compositor.pid)) process.kill(pid, 'SIGSEGV');
  await interrupted(run);
  await run.stop();
  const result = await run.result;
  expect(result).toMatchObject({ status: 'completed', error: null, end_reason: 'stopped' });
  expect(result.gaps[0]?.reason).toContain('page_crashed');
  expect(result.duration_s).toBeGreaterThan(2);
});

test('a recording that fails leaves no process, no temporary folder, and no key except the event stream and the records', async () => {
  const pages = ['no-such-page.html', 'error.html', 'misbehaves.html?then=error'];
  const limits = { max_duration_s: 30 };
  const results = await Promise.all(pages.map((page) => compositor.record(job(page, { limits }))));
  expect(results.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
  await compositor.idle();
  expect(await processesNaming(`call-compositor-${compositor.pid}-`)).toEqual([]);
  expect(await compositor.workFolders()).toEqual([]);
  const keys = await compositor.redis.keys('*');
  // BullMQ keeps these keys of a queue, stops are kept for a while, and records can be read for 7 days. For a day it
  // is kept that a recording is over, for a worker that wakes up late. Of a browser folder that a killed worker of
  // another test has left behind, it is kept for a while who removed it. The worker is noted as long as it lives.
  const kept =
    /:(events|meta|id|marker|stalled-check|records|commands|workers|registry)$|:record(-events)?:|:over:|:orphan:|:registry:/;
  expect(keys.filter((key) => !kept.test(key))).toEqual([]);
});

/** Resolves once the worker has found that the page is lost. */
function interrupted(run: RecordingRun): Promise<unknown> {
  const isSaid = (event: RecordingEvent) =>
    event.type === 'call.recording_warning' && event.warning.code === 'recording_interrupted';
  return eventually('the page is given up', () => run.events.some(isSaid), { withinMs: 30_000 });
}
