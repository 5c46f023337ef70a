import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RecordingResult } from '../../shared/events/recordingEvents.ts';
import { elapsed, lastElapsed } from '../support/calls/scenes.ts';
import { decodeFrames } from '../support/inspect/decodeFrames.ts';
import { ssimAt } from '../support/inspect/ssimAt.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import { keepRecording } from '../support/keepRecording.ts';
import { renderersOf } from '../support/renderersOf.ts';
import { servePages } from '../support/servePages.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

let compositor: Compositor;
let pages: Awaited<ReturnType<typeof servePages>>;
beforeAll(async () => {
  [compositor, pages] = await Promise.all([startCompositor(), servePages()]);
});
afterAll(() => Promise.all([compositor?.close(), pages?.close()]));

async function record(
  page: string,
  videos: 'drawn' | 'decoded',
  forS: number,
  warnings: readonly object[] = [],
): Promise<RecordingResult> {
  const result = await compositor.record({
    call: { id: 'composed' },
    recording: {
      quality: '360p',
      videos,
      encoding: { video_bitrate_kbps: 20_000 },
      layout: { external_app_url: pages.url(page) },
    },
    limits: { max_duration_s: forS },
  });
  expect(result).toMatchObject({ status: 'completed', error: null, warnings, gaps: [] });
  await keepRecording(result, `composed ${page} ${videos}`);
  return result;
}

const WHOLE = { xPx: 0, yPx: 0, widthPx: 640, heightPx: 360 };
/** A stand-in covers thousands of pixels. Letters and the ringing of the encoder reach a few. */
const MOST_PIXELS = 60;

/** In how many pixels of each frame something is nearly black or white, which nothing on the page is. */
async function standInPixels(path: string): Promise<number[]> {
  const found: number[] = [];
  for await (const frame of decodeFrames(path, { fromS: 0, toS: 600, rect: WHOLE, pixels: 'rgb24' })) {
    let pixels = 0;
    for (let at = 0; at < frame.length; at += 3) {
      const [low, high] = extremes(frame[at] ?? 0, frame[at + 1] ?? 0, frame[at + 2] ?? 0);
      if (high < 24 || low > 231) pixels++;
    }
    found.push(pixels);
  }
  return found;
}

function extremes(r: number, g: number, b: number): [low: number, high: number] {
  return [Math.min(r, g, b), Math.max(r, g, b)];
}

describe('videos that go into the picture as they were decoded', () => {
  test('look as the browser draws them, to the pixel', async () => {
    const drawn = await record('composed.html', 'drawn', 3);
    const decoded = await record('composed.html', 'decoded', 3);
    expect(decoded.decoded_s).toBeGreaterThan(2);
    expect(drawn.decoded_s).toBe(0);
    // Both are encoded, each with a loss of its own.
    expect(await ssimAt(2, String(drawn.file), String(decoded.file))).toBeGreaterThan(0.99);
  });

  test('never show a stand-in while tiles come, go, grow, move and change', async () => {
    const result = await record('composed.html?lively', 'decoded', 10);
    expect(result.decoded_s).toBeGreaterThan(3);
    const pixels = await standInPixels(String(result.file));
    expect(pixels.length).toBeGreaterThan(150);
    expect(pixels.filter((count) => count > MOST_PIXELS)).toEqual([]);
  });

  test('are drawn by the browser while something lies over them that is no share of them', async () => {
    const result = await record('composed.html?filter', 'decoded', 14);
    expect(result.decoded_s).toBeGreaterThan(2);
    expect(result.decoded_s).toBeLessThan(11);
    const pixels = await standInPixels(String(result.file));
    expect(pixels.filter((count) => count > MOST_PIXELS)).toEqual([]);
    const recording = await inspectRecording(String(result.file));
    const rect = { xPx: 30, yPx: 30, widthPx: 40, heightPx: 40 };
    const saturation = async (atS: number) => {
      const [low, high] = extremes(...(await recording.meanColorAt({ atS, rect })));
      return high - low;
    };
    expect(await saturation(1)).toBeGreaterThan(2 * (await saturation(6)));
    expect(await saturation(13)).toBeGreaterThan(2 * (await saturation(6)));
  });

  test('are seen where they are, although the page is as black as their stand-ins', async () => {
    const result = await record('composed.html?black', 'decoded', 13, [{ until_s: expect.any(Number) }, {}]);
    const [before, after] = result.warnings;
    const cameS = Number(before?.until_s);
    const wentS = Number(after?.at_s);
    expect(wentS - cameS).toBeGreaterThan(5);
    expect(wentS - cameS).toBeLessThan(8);
    const recording = await inspectRecording(String(result.file));
    const greenAt = async (atS: number, xPx: number) =>
      (await recording.meanColorAt({ atS, rect: { xPx, yPx: 40, widthPx: 40, heightPx: 40 } }))[1] > 50;
    const [leftPx, rightPx] = [60, 380];
    expect([await greenAt(cameS + 1.5, leftPx), await greenAt(cameS + 1.5, rightPx)]).toEqual([true, false]);
    expect([await greenAt(cameS + 4.5, leftPx), await greenAt(cameS + 4.5, rightPx)]).toEqual([false, true]);
    expect(result.decoded_s).toBeGreaterThan(11);
  });

  test('go on after a crash of their page', async () => {
    const run = compositor.start({
      call: { id: 'composed' },
      source: { kind: 'demo', participants: 3, script: 'steady' },
      recording: { quality: '360p', videos: 'decoded', layout: { name: 'grid' } },
      limits: { max_duration_s: 60 },
    });
    await elapsed(run, 3);
    for (const pid of await renderersOf(compositor.pid)) process.kill(pid, 'SIGKILL');
    await run.seen('call.recording_warning');
    await elapsed(run, lastElapsed(run) + 4);
    await run.stop();
    const result = await run.result;
    expect(result).toMatchObject({ status: 'completed', error: null, gaps: [{}] });
    const [gap] = result.gaps;
    // Alone it is a second; here other recordings run beside it.
    expect(Number(gap?.until_s) - Number(gap?.from_s)).toBeLessThan(6);
    // The figures of a segment whose page has crashed are lost with it.
    expect(result.decoded_s).toBeGreaterThan(2);
    expect(result.decoded_s).toBeLessThan(result.duration_s);
    const recording = await inspectRecording(String(result.file));
    expect((await recording.decodeAll()).errors).toEqual([]);
    expect(
      await recording.motionIn({ fromS: result.duration_s - 2, toS: result.duration_s }),
    ).toBeGreaterThan(0);
  });
});
