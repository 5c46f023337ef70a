import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { livekitMissing } from '../support/startLiveKit.ts';
import { costChart } from './costChart.ts';
import { measureAtOnce } from './measureAtOnce.ts';
import { measureCost, SETTLE_S } from './measureCost.ts';
import { measureSsim } from './measureSsim.ts';
import { measureStarts } from './measureStarts.ts';
import type { Measurable } from './recorded.ts';
import { type Extras, markdownTable, type Part, type PartName, type Results, type Run } from './results.ts';
import { serveBenchPage } from './serveBenchPage.ts';
import { sizeNamed } from './size.ts';
import { startBenchCall } from './startBenchCall.ts';
import { jibri } from './subjects/jibri.ts';
import { liveKitEgress } from './subjects/liveKitEgress.ts';
import { ours } from './subjects/ours.ts';
import { puppeteerStream } from './subjects/puppeteerStream.ts';
import { render } from './subjects/render.ts';
import type { Subject } from './subjects/subject.ts';
import { thisMachine } from './thisMachine.ts';

const DOCS = fileURLToPath(new URL('../../docs/bench', import.meta.url));
const SUBJECTS = [render, ours, jibri, liveKitEgress, puppeteerStream];
const OPENED = {
  call: () => startBenchCall({ people: 4, camera: [640, 360], framesPerSecond: 30 }),
  page: serveBenchPage,
} satisfies Record<PartName, () => Promise<Measurable>>;
/** How long starting, ending and reading the file of one run take in addition to the measuring. */
const AROUND_S = 6;
/** How long several at once, quality, and starts and stops take. */
const EXTRAS_S = 150;

interface Options {
  readonly rounds: number;
  readonly seconds: number;
  readonly of: string;
  readonly size: string;
  readonly only?: string;
  readonly extras: boolean;
}

/**
 * Measures our pipeline and each installed peer in turns, because only ratios within one run can be compared: how they record a
 * LiveKit call in our layout app, and how they record a page that is not ours.
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
    .option('--of <list>', 'of call,page; of the other one, the last runs are kept', 'call,page')
    .option('--size <list>', 'of 720p,1080p', '720p,1080p')
    .option('--only <list>', 'pipelines beside the page alone, by name')
    .option('--no-extras', 'keep the last figures of several at once, quality, starts and stops')
    .parse(argv);
  const options = command.opts<Options>();
  const subjects = installed(options.only?.split(','));
  const parts = options.rounds > 0 ? (options.of.split(',') as PartName[]) : [];
  if (livekitMissing) console.log(`SKIPPED: call: ${livekitMissing}`);
  const measured = livekitMissing ? parts.filter((part) => part !== 'call') : parts;
  const count = options.rounds * options.size.split(',').length * subjects.length * measured.length;
  const minutes = (count * (options.seconds + SETTLE_S + AROUND_S) + (options.extras ? EXTRAS_S : 0)) / 60;
  console.log(`${count} runs, about ${Math.ceil(minutes)} min`);

  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const last = await lastResults();
    const found: Record<string, Part> = { ...last.parts };
    for (const part of measured) found[part] = await measurePart(part, subjects, options, folder);
    const extras = options.extras ? await measureExtras(folder, options.seconds) : last.extras;
    const labels = Object.fromEntries(SUBJECTS.map(({ name, label }) => [name, label]));
    await write({ labels, parts: found, extras });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The page alone, and the pipelines of these names that can run here. */
function installed(names: readonly string[] | undefined): Subject[] {
  const wanted = SUBJECTS.filter(({ name }) => name === 'render' || (names?.includes(name) ?? true));
  for (const { name, missing } of wanted) if (missing) console.log(`SKIPPED: ${name}: ${missing}`);
  return wanted.filter(({ missing }) => missing === null);
}

async function lastResults(): Promise<Results> {
  return JSON.parse(await readFile(join(DOCS, 'results.json'), 'utf8'));
}

async function measurePart(
  part: PartName,
  subjects: readonly Subject[],
  { rounds, seconds, size }: Options,
  folder: string,
): Promise<Part> {
  const recorded = await OPENED[part]();
  const runs: Run[] = [];
  try {
    for (let round = 1; round <= rounds; round++)
      for (const name of size.split(','))
        for (const subject of subjects) {
          const run = await measure(subject, name, { recorded, folder, seconds });
          runs.push(run);
          console.log(`${part}, round ${round}`, JSON.stringify(run));
        }
  } finally {
    await recorded.close();
  }
  return { machine: thisMachine(), seconds, runs };
}

async function measure(
  subject: Subject,
  sizeName: string,
  { recorded, folder, seconds }: { recorded: Measurable; folder: string; seconds: number },
): Promise<Run> {
  const size = sizeNamed(sizeName);
  const running = await subject.start({ recorded, size, folder });
  const { cores, pssMiB } = await measureCost(running, seconds);
  const file = await running.stop();
  const cost = { subject: subject.name, size: sizeName, cores, pssMiB };
  if (file === null) return cost;
  const analysis = await recorded.analyze(file, { size, seconds });
  await rm(file, { force: true });
  return { ...cost, ...analysis };
}

async function measureExtras(folder: string, seconds: number): Promise<Extras> {
  const call = livekitMissing ? null : await OPENED.call();
  const atOnce = call ? await measureAtOnce(call, seconds).finally(call.close) : [];
  console.log('several at once', JSON.stringify(atOnce));
  const ssim = await measureSsim(folder);
  console.log('picture quality', JSON.stringify(ssim));
  const page = await serveBenchPage();
  const starts = await measureStarts(page).finally(page.close);
  console.log('starts and stops', JSON.stringify(starts));
  return { atOnce, ssim, starts };
}

async function write(results: Results): Promise<void> {
  await mkdir(DOCS, { recursive: true });
  await writeFile(join(DOCS, 'results.json'), `${JSON.stringify(results, null, 1)}\n`);
  await writeFile(join(DOCS, 'results.md'), markdownTable(results));
  await writeFile(join(DOCS, 'cost.svg'), costChart(results));
  console.log(markdownTable(results));
}
