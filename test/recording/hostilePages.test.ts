import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordingResult } from '../../shared/events/recordingEvents.ts';
import { RECORDER_EXTENSION } from '../../worker/capture/extension.ts';
import { read } from '../bench/processTree.ts';
import { elapsed, lastElapsed } from '../support/calls/scenes.ts';
import { serveWitness } from '../support/serveWitness.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

const MIB = 2 ** 20;
/**
 * `FLOOD_S=600 FLOOD_SHARE=0.05 FLOOD_LENGTH=50000` floods for ten minutes. Chromium keeps the last 1000 lines of a console,
 * so a page with longer ones soon takes too much memory.
 */
const FLOOD_S = Number(process.env.FLOOD_S ?? 12);
/** The longest text that the page tells, in characters. */
const FLOOD_LENGTH = Number(process.env.FLOOD_LENGTH ?? 5_000_000);
/** The share of its time in which the page floods. */
const FLOOD_SHARE = Number(process.env.FLOOD_SHARE ?? 0.3);
/** The most that each recording may take of Redis, in MiB. */
const MOST_IN_REDIS_MIB = 1;
let compositor: Compositor;
let pages: Awaited<ReturnType<typeof serveWitness>>;
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'home-'));
  pages = await serveWitness();
  compositor = await startCompositor({
    HOME: home,
    COMPOSITOR_COST_SCALE: '0.3',
    COMPOSITOR_PAGE_MEMORY_MIB: '1500',
    COMPOSITOR_PAGE_DISK_MIB: '150',
  });
});

afterAll(async () => {
  await compositor?.close();
  await pages?.close();
  await rm(home, { recursive: true, force: true });
});

function record(page: string, seconds: number): Promise<RecordingResult> {
  return compositor.record({
    call: { id: 'hostile' },
    source: { kind: 'app', token: 'a-token-of-the-first-site' },
    recording: { quality: '360p', layout: { external_app_url: pages.url(page) } },
    limits: { max_duration_s: seconds, ready_timeout_s: 20 },
  });
}

function composingJob(how: string, seconds: number) {
  return {
    call: { id: 'composes' },
    recording: {
      quality: '360p',
      videos: 'decoded',
      layout: { external_app_url: pages.url(`composes-wrongly.html?${encodeURIComponent(how)}`) },
    },
    limits: { max_duration_s: seconds, ready_timeout_s: 20 },
  };
}

function recordComposing(how: string, seconds: number): Promise<RecordingResult> {
  return compositor.record(composingJob(how, seconds));
}

test('a page gets out of its fence in no way, and no frame in it speaks for it', async () => {
  const result = await record(`hostile.html?extension=${RECORDER_EXTENSION.id}`, 9);
  expect(result).toMatchObject({
    status: 'completed',
    error: null,
    end_reason: 'max_duration',
    ready_signal: 'console',
  });
  console.info({ gaps: result.gaps, asked: pages.asked });
  expect(result.warnings).toContainEqual(
    expect.objectContaining({ code: 'page_warning', message: 'open: nothing' }),
  );
  expect(String(result.gaps[0]?.reason)).toContain('page_left');
  expect(pages.wasAsked('/asks-for-token.html')).toBe(true);
  for (const path of ['/popup', '/stolen']) expect(pages.wasAsked(path)).toBe(false);
  const files = readdirSync(home, { recursive: true }).map(String);
  expect(files.filter((name) => name.includes('downloaded'))).toEqual([]);
});

test.concurrent.each([
  ['memory', 'MiB of memory, and more than 1500 MiB is not allowed'],
  ['disk', 'MiB of disk, and more than 150 MiB is not allowed'],
])('a page that takes more and more %s ends its recording, of which the part before is kept', async (of, message) => {
  const result = await record(`grows.html?of=${of}`, 40);
  expect(result).toMatchObject({ status: 'failed', end_reason: 'page_too_heavy' });
  expect(result.error?.message).toContain(message);
  expect(result.file).not.toBeNull();
  expect(result.duration_s).toBeGreaterThan(1);
});

test.concurrent.each([
  'open',
  'end',
])('a page whose composer never answers to "%s" is recorded to its end all the same', async (held) => {
  const result = await recordComposing(held, 6);
  expect(result).toMatchObject({ status: 'completed', error: null, end_reason: 'max_duration', gaps: [] });
  expect(result.duration_s).toBeCloseTo(6, 0);
});

test.concurrent('a page that composes no more behind a pause is recorded on in a new browser', async () => {
  const run = compositor.start(composingJob('open anew', 60));
  await elapsed(run, 6); // by then, the page does not open its composer any more
  await run.pause('skip');
  await run.resume();
  await elapsed(run, lastElapsed(run) + 2);
  await run.stop();
  const result = await run.result;
  expect(result).toMatchObject({ status: 'completed', error: null, end_reason: 'stopped' });
  // The pause lasts until the new browser is there, so nothing is missing.
  expect(result).toMatchObject({ gaps: [], pauses: [{ mode: 'skip' }] });
  expect(result.duration_s).toBeGreaterThan(8);
});

test.concurrent.each([
  'a picture of the next year',
  'no base64',
  'too much',
  'no picture',
])('a page that tells %s in the name of its composer is soon recorded as the browser draws it', async (wrong) => {
  const result = await recordComposing(wrong, 22);
  expect(result).toMatchObject({ status: 'completed', error: null });
  expect(result.gaps.length).toBeGreaterThan(0);
  expect(result.duration_s).toBeGreaterThan(1);
  expect(result.duration_s).toBeLessThan(23);
});

test('a page that floods harms neither the worker nor its log, nor Redis, nor the recording beside it', {
  timeout: (FLOOD_S + 90) * 1000,
}, async () => {
  const logBefore = compositor.log().length;
  const redisBefore = await redisBytes();
  const beside = compositor.record({
    call: { id: 'neighbour' },
    source: { kind: 'demo', participants: 2, script: 'steady' },
    recording: { quality: '360p' },
    limits: { max_duration_s: FLOOD_S },
  });
  const flood = record(`floods.html?share=${FLOOD_SHARE}&length=${FLOOD_LENGTH}`, FLOOD_S);
  let mostMiB = 0;
  const watching = setInterval(() => {
    mostMiB = Math.max(
      mostMiB,
      Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${compositor.pid}/status`))?.[1]) / 1024,
    );
  }, 250);
  const [flooding, neighbour] = await Promise.all([flood, beside]);
  clearInterval(watching);
  const logBytesPerMinute = ((compositor.log().length - logBefore) / FLOOD_S) * 60;
  const redisMiB = ((await redisBytes()) - redisBefore) / MIB;
  console.info({
    ...{ mostMiB, logBytesPerMinute, redisMiB },
    neighbour: `${neighbour.dropped_frames} of ${neighbour.frames} dropped`,
    flooding: [flooding.status, flooding.end_reason, flooding.duration_s, flooding.warnings.length],
  });
  expect(neighbour).toMatchObject({ status: 'completed', error: null, end_reason: 'max_duration' });
  // A busy browser may keep so much of what the page says that the page becomes too heavy.
  expect(['max_duration', 'page_too_heavy']).toContain(flooding.end_reason);
  expect(flooding.warnings.map(({ code }) => code)).toContain('page_told_too_much');
  expect(JSON.stringify(flooding).length).toBeLessThan(100_000);
  expect(mostMiB).toBeLessThan(500);
  expect(logBytesPerMinute).toBeLessThan(1_000_000);
  expect(redisMiB / 2).toBeLessThan(MOST_IN_REDIS_MIB);
});

async function redisBytes(): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await compositor.redis.info('memory'))?.[1]);
}
