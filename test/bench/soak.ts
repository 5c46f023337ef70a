import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { startCompositor } from '../support/startCompositor.ts';
import { type Analysis, analyzeRecording } from './analyzeRecording.ts';
import { renderChart, timeChart } from './charts.ts';
import { usageOf } from './processTree.ts';
import { serveBenchPage } from './serveBenchPage.ts';
import { median } from './statistics.ts';

const DOCS = fileURLToPath(new URL('../../docs/bench', import.meta.url));
const SAMPLE_EVERY_MS = 5000;
/** Drift is the difference between the median offsets, by the page's clock, of the first and the last minutes. */
const END_S = 120;

interface Sample {
  readonly atS: number;
  readonly pssMiB: number;
  readonly droppedFrames: number;
  readonly sizeMiB: number;
}

/** Records one page for a long time, and tells whether memory, drops or the offset of sound grow. */
export async function main(argv: string[]): Promise<void> {
  const command = new Command('soak').option('--minutes <n>', 'how long', Number, 30).parse(argv);
  const { minutes } = command.opts<{ minutes: number }>();
  const page = await serveBenchPage();
  const folder = await mkdtemp(join(tmpdir(), 'soak-'));
  const compositor = await startCompositor({ COMPOSITOR_RECORDINGS_DIR: folder });
  console.log(`recording for ${minutes} min`);
  try {
    const run = compositor.start({
      call: { id: 'soak' },
      recording: { layout: { external_app_url: page.url } },
      limits: { max_duration_s: minutes * 60 },
    });
    const samples: Sample[] = [];
    const timer = setInterval(() => {
      const last = run.events.at(-1);
      if (last?.type !== 'call.recording_progress') return;
      const { elapsed_s: atS, dropped_frames: droppedFrames, size_bytes } = last;
      const { pssMiB } = usageOf(compositor.pid);
      samples.push({ atS, pssMiB, droppedFrames, sizeMiB: size_bytes / 2 ** 20 });
    }, SAMPLE_EVERY_MS);
    const result = await run.result;
    clearInterval(timer);
    if (result.status !== 'completed') throw new Error(`the recording failed: ${result.error?.message}`);
    console.log('reading the recording');
    const analysis = await analyzeRecording(String(result.file));
    await report(samples, analysis, { minutes, frames: result.frames, droppedFrames: result.dropped_frames });
  } finally {
    await compositor.close();
    await page.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function report(samples: Sample[], analysis: Analysis, counts: object): Promise<void> {
  const { avOffsets, beepsMs: _, ...figures } = analysis;
  const offsetsIn = (from: number, to: number) =>
    median(avOffsets.filter(({ atS }) => atS >= from && atS < to).map(({ byClockMs }) => byClockMs));
  const endS = analysis.durationS;
  const first = offsetsIn(0, END_S);
  const last = offsetsIn(endS - END_S, endS + 1);
  const quarter = Math.floor(samples.length / 4);
  const summary = {
    ...counts,
    ...figures,
    driftMs: first === null || last === null ? null : last - first,
    pssMiBFirstQuarter: median(samples.slice(0, quarter).map(({ pssMiB }) => pssMiB)),
    pssMiBLastQuarter: median(samples.slice(-quarter).map(({ pssMiB }) => pssMiB)),
  };
  await mkdir(DOCS, { recursive: true });
  await writeFile(join(DOCS, 'soak.json'), `${JSON.stringify({ summary, samples, avOffsets }, null, 1)}\n`);
  const chart = timeChart('One long recording', [
    { name: 'memory of everything (MiB PSS)', points: samples.map(({ atS, pssMiB }) => [atS / 60, pssMiB]) },
    {
      name: 'dropped frames, in all',
      points: samples.map(({ atS, droppedFrames }) => [atS / 60, droppedFrames]),
    },
    {
      name: "sound after picture, by the page's clock (ms)",
      points: avOffsets.map(({ atS, byClockMs }) => [atS / 60, byClockMs]),
    },
  ]);
  await writeFile(join(DOCS, 'soak.svg'), renderChart(chart, { widthPx: 900, heightPx: 620 }));
  console.log(JSON.stringify(summary, null, 2));
}
