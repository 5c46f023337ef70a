import { type ChildProcess, spawn } from 'node:child_process';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { analyzeRecording } from '../bench/analyzeRecording.ts';
import { usageOf } from '../bench/processTree.ts';
import { median } from '../bench/statistics.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/freePort.ts';
import { serveFolder } from '../support/serveFolder.ts';
import { slotsOf } from '../support/slotsOf.ts';
import { type RecordingRun, startCompositor } from '../support/startCompositor.ts';

const PAGE = fileURLToPath(new URL('../bench/page', import.meta.url));
const HOG_FROM_S = 4;
const HOG_TO_S = 12;
const LENGTH_S = 16;
const FRAMES_PER_SECOND = 30;
/**
 * Busy processes per core: enough that a fair share is too little for a 1080p recording, and few enough that
 * it goes on.
 */
const HOGS_PER_CORE = 4;

/**
 * How far beep and flash may move apart under load. Both are measured from the instant that the page meant them for: a
 * page that is drawn 300 ms late flashes 300 ms late, whether it is recorded or not, and the clock in that
 * picture says so. The rest is due to the way from there to the recorder. A picture may be on the screen two draws
 * later than on a calm machine (one waits for the other), and under load draws are as far apart as the pictures of the
 * recording. It may show up to three quarters of a slot (25 ms) away from its instant. Sound may be up to 20 ms away
 * before it is moved. The median leaves out a single picture that was late for longer.
 */
const mostApartUnderLoadMs = (drawMs: number) => 2 * drawMs + 25 + 20;
/** Afterwards no picture is drawn late, so only the slot and the 20 ms of sound are left. */
const MOST_APART_AFTER_MS = 45;

test('a machine that cannot keep up drops pictures and counts them, and harms neither sound nor sync nor memory', {
  timeout: 120_000,
}, async () => {
  const page = await serveFolder(PAGE);
  const metrics = `127.0.0.1:${await freePort()}`;
  const compositor = await startCompositor({ COMPOSITOR_METRICS: metrics });
  let hogs: ChildProcess[] = [];
  try {
    const run = compositor.start({
      call: { id: 'overload' },
      recording: { quality: '1080p', layout: { external_app_url: page.url('?n=0') } },
      limits: { max_duration_s: LENGTH_S },
    });
    await recorded(run, HOG_FROM_S);
    const before = usageOf(compositor.pid);
    hogs = Array.from({ length: HOGS_PER_CORE * os.availableParallelism() }, () =>
      // They get sessions of their own, because Linux first shares the cores among sessions.
      spawn(process.execPath, ['-e', 'for (;;);'], { detached: true }),
    );
    await recorded(run, HOG_TO_S);
    const after = usageOf(compositor.pid);
    for (const hog of hogs) hog.kill('SIGKILL');
    const result = await run.result;
    console.info(`under load: ${result.dropped_frames} of ${result.frames} dropped`);

    expect(result).toMatchObject({ status: 'completed', error: null, end_reason: 'max_duration' });
    // Every slot of the timeline is filled, and the missing pictures are counted.
    expect(result.duration_s).toBe(LENGTH_S);
    expect(result.dropped_frames).toBeGreaterThan(0);
    expect(slotsOf(result)).toBe(LENGTH_S * FRAMES_PER_SECOND);
    const told = await (await fetch(`http://${metrics}/metrics`)).text();
    expect(told).toContain(`call_compositor_dropped_frames_total ${result.dropped_frames}\n`);
    expect(after.pssMiB - before.pssMiB).toBeLessThan(80);

    const { avOffsets, beepsMs, lags } = await analyzeRecording(String(result.file));
    // One a second, all the way: a flash may fall into a dropped picture, a beep has nothing to fall into.
    console.info(`beeps at ${beepsMs.map(Math.round)} ms`);
    expect(beepsMs.length).toBeGreaterThanOrEqual(LENGTH_S - 2);

    const distancesIn = (fromS: number, toS: number) =>
      avOffsets.filter(({ atS }) => atS >= fromS && atS < toS).map(({ byClockMs }) => byClockMs);
    const [calm, loaded, recovered] = [
      distancesIn(0, HOG_FROM_S),
      distancesIn(HOG_FROM_S, HOG_TO_S),
      distancesIn(HOG_TO_S + 1, LENGTH_S),
    ];
    console.info(`beep after flash, in ms: ${JSON.stringify({ calm, loaded, recovered })}`);
    // Under load, only recorded flashes count.
    for (const distances of [calm, loaded, recovered]) expect(distances.length).toBeGreaterThanOrEqual(2);
    expect(Math.abs(Number(median(recovered)) - Number(median(calm)))).toBeLessThan(MOST_APART_AFTER_MS);
    const pictures = lags.filter(({ atS }) => atS >= HOG_FROM_S && atS < HOG_TO_S).length;
    const drawMs = ((HOG_TO_S - HOG_FROM_S) * 1000) / pictures;
    expect(Math.abs(Number(median(loaded)) - Number(median(calm)))).toBeLessThan(
      mostApartUnderLoadMs(drawMs),
    );
  } finally {
    for (const hog of hogs) hog.kill('SIGKILL');
    await compositor.close();
    await page.close();
  }
});

function recorded(run: RecordingRun, seconds: number) {
  const isThere = () =>
    run.events.some((event) => event.type === 'call.recording_progress' && event.elapsed_s >= seconds);
  return eventually(`${seconds} s are recorded`, isThere, { withinMs: 60_000 });
}
