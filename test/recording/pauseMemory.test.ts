import { afterAll, beforeAll, expect, test } from 'vitest';
import { elapsed, lastElapsed } from '../support/calls/scenes.ts';
import { memoryOf } from '../support/inspect/memoryOf.ts';
import { processesNaming } from '../support/processesNaming.ts';
import { type SecretPage, serveSecret } from '../support/serveSecret.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

/** The page's magenta goes from e0 to c0 in steps of some 20 pixels (test/pages/secret.html). */
const [DARKEST, BRIGHTEST] = [0xc0, 0xe0];
const RUN_PIXELS = 12;
/** The same in the second plane of I420, as BT.601 has it, at 640 x 360: two rows below each other. */
const [LEAST_U, MOST_U] = [182, 194];
const RUN_SAMPLES = 24;
const STRIDE_U = 320;
/** 3 kHz at 48 kHz repeats every 16 samples, and a quiet hum of 440 Hz lies over it. */
const PERIOD = 16;
const PERIODS = 4;
const LEAST_LOUD = 0.4;
const MOST_OFF = 0.15;

let compositor: Compositor;
let page: SecretPage;
beforeAll(async () => {
  [compositor, page] = await Promise.all([startCompositor(), serveSecret()]);
});
afterAll(() => Promise.all([compositor?.close(), page?.close()]));

function hasPixels(bytes: Buffer): boolean {
  for (let at = 0; at + 4 * RUN_PIXELS <= bytes.length; at += 4) {
    const level = Number(bytes[at]);
    if (level < DARKEST || level > BRIGHTEST || bytes[at + 1] !== 0 || bytes[at + 3] !== 255) continue;
    const pixel = bytes.subarray(at, at + 4);
    if (pixel[2] !== level) continue;
    if (
      Array.from({ length: RUN_PIXELS }, (_, n) => n).every((n) =>
        pixel.equals(bytes.subarray(at + 4 * n, at + 4 * n + 4)),
      )
    )
      return true;
  }
  return false;
}

function hasChroma(bytes: Buffer): boolean {
  const isRun = (from: number, level: number) => {
    for (let at = from; at < from + RUN_SAMPLES; at++) if (bytes[at] !== level) return false;
    return true;
  };
  for (let at = 0; at + STRIDE_U + RUN_SAMPLES <= bytes.length; at += 8) {
    const level = Number(bytes[at]);
    if (level >= LEAST_U && level <= MOST_U && isRun(at, level) && isRun(at + STRIDE_U, level)) return true;
  }
  return false;
}

function hasTone(bytes: Buffer): boolean {
  const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  for (let at = 0; at + PERIOD * PERIODS <= samples.length; at++) {
    const value = Number(samples[at]);
    if (!(Math.abs(value) > LEAST_LOUD && Math.abs(value) <= 1)) continue;
    let isTone = true;
    for (let n = at; isTone && n < at + PERIOD * (PERIODS - 1); n++) {
      const [now, half, whole] = [samples[n], samples[n + PERIOD / 2], samples[n + PERIOD]].map(Number);
      isTone =
        Math.abs(Number(now) - Number(whole)) < MOST_OFF && Math.abs(Number(now) + Number(half)) < MOST_OFF;
    }
    if (isTone) return true;
  }
  return false;
}

/** What of the secret is in the memory of any of these processes. */
async function foundIn(pids: readonly number[]): Promise<{ isSeen: boolean; isHeard: boolean }> {
  let [isSeen, isHeard] = [false, false];
  for (const pid of pids)
    for await (const bytes of memoryOf(pid)) {
      isSeen ||= hasPixels(bytes) || hasChroma(bytes);
      isHeard ||= hasTone(bytes);
      if (isSeen && isHeard) return { isSeen, isHeard };
    }
  return { isSeen, isHeard };
}

test('what was shown and said in a pause is nowhere in the memory of the worker at the end', async () => {
  const run = compositor.start({
    call: { id: 'memory' },
    recording: { quality: '360p', layout: { external_app_url: page.url() } },
    limits: { max_duration_s: 60 },
  });
  await elapsed(run, 2);
  await run.pause('skip');
  await page.show('secret', 30);
  // The browser shows it, so it would be found.
  const browser = await processesNaming(`call-compositor-${compositor.pid}-`);
  expect(await foundIn(browser)).toEqual({ isSeen: true, isHeard: true });
  expect(await foundIn([compositor.pid])).toEqual({ isSeen: false, isHeard: false });
  await page.show('nothing', 3);
  await run.resume();
  await elapsed(run, lastElapsed(run) + 2);
  await run.stop();
  expect(await run.result).toMatchObject({ status: 'completed', pauses: [{ mode: 'skip' }] });
  expect(await foundIn([compositor.pid])).toEqual({ isSeen: false, isHeard: false });
});
