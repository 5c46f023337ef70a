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
/** So many for each core that a fair share is too little for a 1080p recording, and enough to go on with. */
const HOGS_PER_CORE = 4;

/**
 * How far beep and flash may move apart. Both are measured from the instant that the page meant them for: a page that
 * is drawn 300 ms late flashes 300 ms late, recorded or not, and the clock in that picture says so. What is left is
 * the recorder's: a picture may reach it one draw (33 ms) later than in calm, and show up to three quarters of a slot
 * (25 ms) off its instant; sound may wander through its band of 20 ms before it is moved. That is 78 ms at most for
 * the usual picture; the median leaves out the single one that was stuck for longer.
 */
const MOST_APART_UNDER_LOAD_MS = 80;
/** Afterwards there are no late draws: what is left are the slot and the band. */
const MOST_APART_AFTER_MS = 45;

test('a machine that cannot keep up costs pictures, counted ones, and neither sound nor sync nor memory', {
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
      // Sessions of their own: Linux shares the cores among sessions first.
      spawn(process.execPath, ['-e', 'for (;;);'], { detached: true }),
    );
    await recorded(run, HOG_TO_S);
    const after = usageOf(compositor.pid);
    for (const hog of hogs) hog.kill('SIGKILL');
    const result = await run.result;
    console.info(`under load: ${result.dropped_frames} of ${result.frames} dropped`);

    expect(result).toMatchObject({ status: 'completed', end_reason: 'max_duration' });
    // Every slot of the timeline is filled, and the gaps are owned up to.
    expect(result.duration_s).toBe(LENGTH_S);
    expect(result.dropped_frames).toBeGreaterThan(0);
    expect(slotsOf(result)).toBe(LENGTH_S * FRAMES_PER_SECOND);
    const told = await (await fetch(`http://${metrics}/metrics`)).text();
    expect(told).toContain(`call_compositor_dropped_frames_total ${result.dropped_frames}\n`);
    expect(after.pssMiB - before.pssMiB).toBeLessThan(80);

    const { avOffsets, beepsMs } = await analyzeRecording(String(result.file));
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
    // Under load only the flashes count that were recorded.
    for (const distances of [calm, loaded, recovered]) expect(distances.length).toBeGreaterThanOrEqual(2);
    expect(Math.abs(Number(median(recovered)) - Number(median(calm)))).toBeLessThan(MOST_APART_AFTER_MS);
    expect(Math.abs(Number(median(loaded)) - Number(median(calm)))).toBeLessThan(MOST_APART_UNDER_LOAD_MS);
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
