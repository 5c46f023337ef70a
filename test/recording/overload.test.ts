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
/** So many for each core that a fair share is far too little for a 1080p recording. */
const HOGS_PER_CORE = 8;

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
    console.info(
      JSON.stringify({
        beeps: beepsMs.length,
        cost: after.pssMiB - before.pssMiB,
        off: avOffsets.map(({ atS, offsetMs, byClockMs }) => [
          Math.round(atS * 10) / 10,
          Math.round(offsetMs),
          Math.round(byClockMs),
        ]),
      }),
    );
    // One a second, all the way: a flash may fall into a dropped picture, a beep has nothing to fall into.
    expect(beepsMs.length).toBeGreaterThanOrEqual(LENGTH_S - 2);

    const offsetsIn = (fromS: number, toS: number) =>
      avOffsets.filter(({ atS }) => atS >= fromS && atS < toS).map(({ offsetMs }) => offsetMs);
    // Before, under and after the load at the same distance; under it only the flashes that were recorded count.
    for (const [fromS, toS] of [
      [0, HOG_FROM_S],
      [HOG_FROM_S, HOG_TO_S],
      [HOG_TO_S + 1, LENGTH_S],
    ] as const) {
      expect(offsetsIn(fromS, toS).length).toBeGreaterThanOrEqual(2);
    }
    const [calm, recovered] = [offsetsIn(0, HOG_FROM_S), offsetsIn(HOG_TO_S + 1, LENGTH_S)].map(median);
    expect(Math.abs(Number(calm) - Number(recovered))).toBeLessThan(45);
    expect(Math.abs(Number(median(offsetsIn(HOG_FROM_S, HOG_TO_S))) - Number(calm))).toBeLessThan(100);
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
