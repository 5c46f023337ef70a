import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { analyzeRecording } from './analyzeRecording.ts';
import { measureSsim } from './measureSsim.ts';
import { measureStarts } from './measureStarts.ts';
import { measureTwoAtOnce } from './measureTwoAtOnce.ts';
import { pause } from './pause.ts';
import { usageOf } from './processTree.ts';
import { costChart, markdownTable, type Results, type Run } from './results.ts';
import { type BenchPage, serveBenchPage } from './serveBenchPage.ts';
import { jibri } from './subjects/jibri.ts';
import { liveKitEgress } from './subjects/liveKitEgress.ts';
import { ours } from './subjects/ours.ts';
import { puppeteerStream } from './subjects/puppeteerStream.ts';
import { render } from './subjects/render.ts';
import type { Size, Subject } from './subjects/subject.ts';
import { thisMachine } from './thisMachine.ts';

const DOCS = fileURLToPath(new URL('../../docs/bench', import.meta.url));
const SUBJECTS = [render, ours, jibri, liveKitEgress, puppeteerStream];
const SIZES: Readonly<Record<string, Size>> = {
  '720p': { widthPx: 1280, heightPx: 720 },
  '1080p': { widthPx: 1920, heightPx: 1080 },
};
/** A pipeline runs for this long after its start before it is measured. */
const SETTLE_S = 3;
/** How long starting, ending and reading the file of one run take in addition to the measuring. */
const AROUND_S = 9;
/** How long quality, two at once, and starts and stops take. */
const EXTRAS_S = 110;

/**
 * Measures our pipeline and each installed peer in turns, because only ratios within one run can be compared.
 */
export async function main(argv: string[]): Promise<void> {
  const command = new Command('bench')
    .option(
      '--rounds <n>',
      'times each pipeline is measured; 0 keeps the last runs and measures the rest',
      Number,
      2,
    )
    .option('--seconds <n>', 'how long each time', Number, 8)
    .option('--size <list>', 'of 720p,1080p', '720p,1080p')
    .option('--only <list>', 'pipelines beside the page alone, by name')
    .option('--no-extras', 'leave out quality, two at once, starts and stops')
    .parse(argv);
  const options = command.opts<{
    rounds: number;
    seconds: number;
    size: string;
    only?: string;
    extras: boolean;
  }>();
  const wanted = SUBJECTS.filter(
    ({ name }) => name === 'render' || (options.only?.split(',').includes(name) ?? true),
  );
  for (const { name, missing } of wanted) if (missing) console.log(`SKIPPED: ${name}: ${missing}`);
  const subjects = wanted.filter(({ missing }) => missing === null);
  const sizes = options.size.split(',');
  const count = options.rounds * sizes.length * subjects.length;
  const minutes = (count * (options.seconds + SETTLE_S + AROUND_S) + (options.extras ? EXTRAS_S : 0)) / 60;
  console.log(`${count} runs, about ${Math.ceil(minutes)} min`);

  const page = await serveBenchPage();
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const last = options.rounds === 0 ? await lastResults() : null;
    const runs: Run[] = [...(last?.runs ?? [])];
    for (let round = 1; round <= options.rounds; round++)
      for (const size of sizes)
        for (const subject of subjects) {
          const run = await measure(subject, size, { page, folder, seconds: options.seconds });
          runs.push(run);
          console.log(`round ${round}`, JSON.stringify(run));
        }
    const results: Results = {
      machine: thisMachine(),
      seconds: last?.seconds ?? options.seconds,
      labels: Object.fromEntries(
        SUBJECTS.filter(({ name }) => runs.some((run) => run.subject === name)).map(({ name, label }) => [
          name,
          label,
        ]),
      ),
      runs,
      extras: options.extras ? await measureExtras(page, folder) : null,
    };
    await write(results);
  } finally {
    await page.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function lastResults(): Promise<Results> {
  return JSON.parse(await readFile(join(DOCS, 'results.json'), 'utf8'));
}

async function measure(
  subject: Subject,
  sizeName: string,
  given: { page: BenchPage; folder: string; seconds: number },
): Promise<Run> {
  const size = SIZES[sizeName];
  if (!size) throw new Error(`--size ${sizeName} is not one of ${Object.keys(SIZES).join(', ')}`);
  const running = await subject.start({ ...given, size });
  await pause(SETTLE_S);
  const startedAtMs = performance.now();
  const before = usageOf(running.pid);
  await pause(given.seconds);
  const after = usageOf(running.pid);
  const tookS = (performance.now() - startedAtMs) / 1000;
  const file = await running.stop();
  const cost = { cores: (after.cpuS - before.cpuS) / tookS, pssMiB: after.pssMiB };
  if (file === null) return { subject: subject.name, size: sizeName, ...cost };
  const { avOffsets: _, beepsMs: __, ...analysis } = await analyzeRecording(file);
  await rm(file, { force: true });
  return { subject: subject.name, size: sizeName, ...cost, ...analysis };
}

async function measureExtras(page: BenchPage, folder: string) {
  const ssim = await measureSsim(folder);
  console.log('picture quality', JSON.stringify(ssim));
  const twoAtOnce = await measureTwoAtOnce(page);
  console.log('two at once', JSON.stringify(twoAtOnce));
  const starts = await measureStarts(page);
  console.log('starts and stops', JSON.stringify(starts));
  return { ssim, twoAtOnce, starts };
}

async function write(results: Results): Promise<void> {
  await mkdir(DOCS, { recursive: true });
  await writeFile(join(DOCS, 'results.json'), `${JSON.stringify(results, null, 1)}\n`);
  await writeFile(join(DOCS, 'results.md'), markdownTable(results));
  await writeFile(join(DOCS, 'cost.svg'), costChart(results));
  console.log(markdownTable(results));
}
