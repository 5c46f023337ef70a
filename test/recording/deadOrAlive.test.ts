import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { RecordingEvent, RecordingResult } from '../../shared/events/recordingEvents.ts';
import { eventually } from '../support/eventually.ts';
import { servePages } from '../support/servePages.ts';
import { type Compositor, type RecordingRun, startCompositor } from '../support/startCompositor.ts';

vi.setConfig({ maxConcurrency: 6 });

let compositor: Compositor;
let pages: Awaited<ReturnType<typeof servePages>>;

beforeAll(async () => {
  pages = await servePages();
  // A page of a few words is cheap, so that more of them fit than calls would.
  compositor = await startCompositor({ COMPOSITOR_COST_SCALE: '0.2' });
});

afterAll(async () => {
  await compositor?.close();
  await pages?.close();
});

const record = (does: string, limits: object = {}): Promise<RecordingResult> => start(does, limits).result;

function start(does: string, limits: object = {}): RecordingRun {
  return compositor.start({
    call: { id: 'dead-or-alive' },
    recording: {
      quality: '360p',
      layout: { external_app_url: pages.url(`call.html?does=${encodeURIComponent(does)}`) },
    },
    limits: { max_duration_s: 9, ready_timeout_s: 1, ...limits },
  });
}

const codesOf = ({ warnings }: RecordingResult) => warnings.map(({ code }) => code).sort();

type Lasting = [code: string, fromS: number, untilS: number | null];

/** Each with how the recording ends, what it is warned of and, for one of the warnings, from when to when. */
const ALIVE: [does: string, end: string, warnings: string[], lasting?: Lasting][] = [
  ['everybody leaves', 'call_ended', ['picture_blank'], ['picture_blank', 2.5, null]],
  ['everybody leaves, root empty', 'call_ended', ['picture_blank']],
  ['leaves with a console error', 'call_ended', ['page_console_error', 'picture_blank']],
  ['error long before leaving', 'call_ended', ['page_console_error', 'picture_blank']],
  ['error with an empty room', 'call_ended', ['page_console_error', 'picture_blank']],
  ['exception, then back', 'max_duration', ['page_console_error']],
  ['rejection, then back', 'max_duration', ['page_console_error', 'picture_blank']],
  ['error boundary', 'max_duration', ['page_console_error']],
  ['audio only', 'max_duration', ['picture_blank']],
  ['first person comes late', 'max_duration', ['picture_blank', 'ready_fallback']],
  ['first person comes late, root empty', 'max_duration', ['picture_blank', 'ready_fallback']],
  ['gap between two people', 'max_duration', ['picture_blank'], ['picture_blank', 1.5, 7.5]],
  ['nobody comes', 'max_duration', ['picture_blank']],
  ['nobody comes, root empty', 'max_duration', ['picture_blank']],
  ['nobody is there for too long', 'call_empty', ['picture_blank']],
  ['splash goes', 'max_duration', ['picture_blank']],
  ['renders into the body', 'max_duration', ['picture_blank']],
  ['shadow root', 'max_duration', ['ready_fallback']],
  ['slow', 'max_duration', ['page_slow']],
  ['slow after an exception', 'max_duration', ['page_console_error']],
  ['connection lost', 'max_duration', ['call_interrupted'], ['call_interrupted', 1.5, 4.5]],
];

test.concurrent.each(ALIVE)('a page goes on being recorded: %s', async (does, end, warnings, lasting) => {
  const result = await record(does, { empty_timeout_s: 6 });
  expect(result).toMatchObject({ status: 'completed', end_reason: end, error: null });
  // How slow a page is depends on the machine too, so only the page that is slow by itself is asked for it.
  const codes = codesOf(result).filter((code) => code !== 'page_slow' || warnings.includes(code));
  expect(codes).toEqual(expect.arrayContaining(warnings));
  if (lasting) expectTimes(result, lasting);
});

/** What happens is noticed up to a second late, and the recording starts up to a second after the page said so. */
function expectTimes({ warnings }: RecordingResult, [code, fromS, untilS]: Lasting): void {
  const [warning, ...more] = warnings.filter((one) => one.code === code);
  expect(more).toEqual([]);
  expect(Math.abs(Number(warning?.at_s) - fromS)).toBeLessThan(2);
  if (untilS === null) expect(warning).not.toHaveProperty('until_s');
  else expect(Math.abs(Number(warning?.until_s) - untilS)).toBeLessThan(2);
}

type Dead = [does: string, code: string, message: string, fromS: number, toS: number];

/** Each with the code, a part of the message, and where the recording ends, in seconds. */
const DEAD: Dead[] = [
  ['never anything', 'page_blank', 'never showed anything', 9, 13],
  ['never anything, with an error', 'page_blank', 'tile 7 has no track', 2, 6],
  ['setupLayout throws', 'page_blank', 'no layout of that name', 2, 6],
  ['setupLayout rejects', 'page_blank', 'no call of that name', 2, 6],
  ['shows an error', 'page_error', 'the call server is gone', 0.5, 5],
];

test.concurrent.each(DEAD)('a page is dead: %s', async (does, code, message, fromS, toS) => {
  const result = await record(does, { max_duration_s: 30 });
  expect(result).toMatchObject({ status: 'failed', end_reason: code, error: { code } });
  expect(result.error?.message).toContain(message);
  expect(result.duration_s).toBeGreaterThan(fromS);
  expect(result.duration_s).toBeLessThan(toS);
});

/** Each with the code, a part of the message, and where the gap begins, in seconds: where the page loses its content. */
const LOST: Dead[] = [
  ['exception', 'page_blank', 'did not catch an error: Error: tile 7 has no track', 0.5, 4],
  ['exception a moment before', 'page_blank', 'did not catch an error: Error: tile 7 has no track', 0.5, 4],
  ['rejection', 'page_blank', 'rejected promise: Error: no such track', 0.5, 4],
  ['document emptied', 'page_blank', 'removed everything', 0.5, 4],
  ['goes elsewhere', 'page_left', 'the last error of the page is: session expired', 0.5, 5],
];

test.concurrent.each(
  LOST,
)('a page is lost, and is opened anew: %s', async (does, code, message, fromS, toS) => {
  const run = start(does, { max_duration_s: 30 });
  await eventually('the page is given up', () => run.events.some(isInterruption), { withinMs: 40_000 });
  await run.stop();
  const { status, error, gaps } = await run.result;
  expect({ status, error, reason: gaps[0]?.reason }).toEqual({
    status: 'completed',
    error: null,
    reason: expect.stringMatching(new RegExp(`^${code}: `)),
  });
  expect(gaps[0]?.reason).toContain(message);
  expect(gaps[0]?.from_s).toBeGreaterThan(fromS);
  expect(gaps[0]?.from_s).toBeLessThan(toS);
});

const isInterruption = (event: RecordingEvent) =>
  event.type === 'call.recording_warning' && event.warning.code === 'recording_interrupted';

describe.concurrent('a page that ends the call before it was ready', () => {
  test.each([
    ['bad token, div.error', 'invalid token'],
    ['bad token, a paragraph', 'it shows: Could not connect to the call: token expired'],
    ['bad token, console', 'its last error is: connect {code: 401, reason: "expired"}'],
    ['bad token, rejected promise', '"reason":"not allowed"'],
  ])('has failed: %s', async (does, message) => {
    const result = await record(does, { ready_timeout_s: 10 });
    expect(result).toMatchObject({ status: 'failed', file: null, error: { code: 'page_error' } });
    expect(result.error?.message).toContain(message);
  });

  test('is absent if the call was over already', async () => {
    const result = await record('over already', { ready_timeout_s: 10 });
    expect(result).toMatchObject({ status: 'absent', end_reason: 'call_ended', error: null, warnings: [] });
  });
});
