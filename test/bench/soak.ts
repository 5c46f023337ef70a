import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { startCompositor } from '../support/startCompositor.ts';
import { type Analysis, analyzeRecording } from './analyzeRecording.ts';
import { renderChart, timeChart } from './charts.ts';
import { ownMemoryOf, usageOf } from './processTree.ts';
import { serveBenchPage } from './serveBenchPage.ts';
import { median } from './statistics.ts';

const DOCS = fileURLToPath(new URL('../../docs/bench', import.meta.url));
const SAMPLE_EVERY_MS = 5000;

interface Sample {
  readonly atS: number;
  readonly pssMiB: number;
  /** By kind of process. */
  readonly ownMiB: Readonly<Record<string, number>>;
  readonly droppedFrames: number;
  readonly sizeMiB: number;
}

/** Records one page for a long time, and reports whether memory, drops or the offset of sound grow. */
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
      samples.push({
        atS,
        pssMiB,
        ownMiB: ownMemoryOf(compositor.pid),
        droppedFrames,
        sizeMiB: size_bytes / 2 ** 20,
      });
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

async function report(
  samples: Sample[],
  analysis: Analysis,
  counts: { readonly minutes: number; readonly frames: number; readonly droppedFrames: number },
): Promise<void> {
  const { avOffsets, beepsMs: _, ...figures } = analysis;
  // A slot of the timeline is 33 ms, and the display's clock moves through it within minutes. So the means of
  // the two halves are compared.
  const halfS = analysis.durationS / 2;
  const meanIn = (from: number, to: number) => {
    const offsets = avOffsets.filter(({ atS }) => atS >= from && atS < to).map(({ offsetMs }) => offsetMs);
    return offsets.reduce((sum, offset) => sum + offset, 0) / offsets.length;
  };
  const quarter = Math.floor(samples.length / 4);
  const [early, late] = [samples.slice(0, quarter), samples.slice(-quarter)];
  const ownIn = (some: Sample[], kind: string) => median(some.map(({ ownMiB }) => ownMiB[kind] ?? 0));
  const kinds = Object.keys(samples.at(-1)?.ownMiB ?? {});
  const summary = {
    ...counts,
    ...figures,
    meanOffsetMsFirstAndLastHalf: [meanIn(0, halfS), meanIn(halfS, 2 * halfS)].map(Math.round),
    pssMiBFirstQuarter: median(early.map(({ pssMiB }) => pssMiB)),
    pssMiBLastQuarter: median(late.map(({ pssMiB }) => pssMiB)),
    ownMiBFirstAndLastQuarter: Object.fromEntries(
      kinds.map((kind) => [kind, [ownIn(early, kind), ownIn(late, kind)]]),
    ),
  };
  await mkdir(DOCS, { recursive: true });
  const name = `soak-${counts.minutes}min`;
  await writeFile(
    join(DOCS, `${name}.json`),
    `${JSON.stringify({ summary, samples, avOffsets }, null, 1)}\n`,
  );
  const chart = timeChart('One long recording', [
    { name: 'memory of everything (MiB PSS)', points: samples.map(({ atS, pssMiB }) => [atS / 60, pssMiB]) },
    {
      name: 'dropped frames, in all',
      points: samples.map(({ atS, droppedFrames }) => [atS / 60, droppedFrames]),
    },
    {
      name: 'sound after picture (ms)',
      points: avOffsets.map(({ atS, offsetMs }) => [atS / 60, offsetMs]),
    },
  ]);
  await writeFile(join(DOCS, `${name}.svg`), renderChart(chart, { widthPx: 900, heightPx: 620 }));
  console.log(JSON.stringify(summary, null, 2));
}
