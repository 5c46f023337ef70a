import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { type Cost, measureCost } from './measureCost.ts';
import type { Analysis, Measurable } from './recorded.ts';
import { sizeNamed } from './size.ts';
import { type BenchCall, startBenchCall } from './startBenchCall.ts';
import { summarize, textOf } from './statistics.ts';
import { ours, oursAt } from './subjects/ours.ts';
import { render } from './subjects/render.ts';
import type { Subject } from './subjects/subject.ts';
import { machineText, thisMachine } from './thisMachine.ts';
import { threadTable } from './threads.ts';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const TABLE = fileURLToPath(new URL('../../docs/bench/call-cost.md', import.meta.url));

const WAYS = ['page', 'drawn', 'decoded'] as const;
type Way = (typeof WAYS)[number] | 'before';
const LABELS: Readonly<Record<Way, string>> = {
  page: 'the page alone, open in headless Chromium',
  drawn: 'recorded, videos drawn by the browser',
  decoded: 'recorded, videos as they were decoded',
  before: 'the same, by the other build',
};

/** The page alone has no recording, and a call without video has no numbers to read. */
type Measured = Cost & Partial<Analysis>;

/** A call, and how it is recorded. */
interface Scenario extends Omit<BenchCall, 'framesPerSecond'> {
  readonly name: string;
  readonly quality: string;
  readonly ways: readonly Way[];
}

const FOUR: Omit<Scenario, 'name'> = {
  ...{ quality: '720p', people: 4, camera: [640, 360] },
  ways: ['page', 'decoded'],
};
/** SFUs send small tiles in a smaller size. */
const SMALL_CAMERA = [320, 180] as const;
const SCENARIOS: readonly Scenario[] = [
  { ...FOUR, name: '720p, 4 people', ways: WAYS },
  { ...FOUR, name: '1080p, 4 people', quality: '1080p' },
  { ...FOUR, name: '720p, 9 people', people: 9 },
  { ...FOUR, name: '720p, 25 people', people: 25, camera: SMALL_CAMERA },
  { ...FOUR, name: '720p, 4 people, nobody has video', camera: null },
];

/**
 * Measures what it costs to record a real LiveKit call in our layout app, beside the same page open in the same call in plain
 * headless Chromium, in turns. The cameras send pictures that were encoded before the call, so that sending costs little.
 */
export async function main(argv: string[]): Promise<void> {
  const command = new Command('callCost')
    .option('--rounds <n>', 'how often each is measured', Number, 5)
    .option('--seconds <n>', 'how long each is measured', Number, 8)
    .option('--fps <n>', 'frames a second of each camera', Number, 30)
    .option('--only <text>', 'measures the calls whose name contains it')
    .option('--before <dist>', 'a build to compare with, whose way is called "before"')
    .option('--ways <names>', 'with commas between them', (text) => text.split(',') as Way[])
    .parse(argv);
  const { only = '', ...given } = command.opts<Given & { only?: string }>();
  const waysOf = (scenario: Scenario): Way[] => [
    ...(given.ways ?? scenario.ways),
    ...(given.before ? (['before'] as const) : []),
  ];
  const measured: [Scenario, Found][] = [];
  for (const scenario of SCENARIOS.filter(({ name }) => name.includes(only))) {
    console.log(scenario.name);
    measured.push([scenario, await measureScenario(scenario, waysOf(scenario), given)]);
    console.log(rowsOf(scenario, measured.at(-1)?.[1] ?? new Map()).join('\n'));
  }
  const text = documentOf(measured, given);
  console.log(text);
  if (only === '' && !given.ways && !given.before) await writeFile(TABLE, text);
}

interface Given {
  readonly rounds: number;
  readonly seconds: number;
  readonly fps: number;
  readonly before?: string;
  readonly ways?: Way[];
}

type Found = ReadonlyMap<Way, readonly Measured[]>;

async function measureScenario(
  scenario: Scenario,
  ways: readonly Way[],
  { rounds, seconds, fps, before }: Given,
): Promise<Found> {
  const folder = await mkdtemp(join(tmpdir(), 'call-cost-'));
  const call = await startBenchCall({ ...scenario, framesPerSecond: fps });
  const found = new Map<Way, Measured[]>(ways.map((way) => [way, []]));
  try {
    for (let round = 0; round < rounds; round++)
      for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
        const measured = await measure(subjectOf(way, before), { call, folder, scenario, seconds });
        const { cores, pssMiB, covered } = measured;
        console.log(`${way}: ${cores.toFixed(3)} cores, ${pssMiB} MiB, ${covered?.toFixed(3) ?? ''}`);
        found.get(way)?.push(measured);
      }
  } finally {
    await call.close();
    await rm(folder, { recursive: true, force: true });
  }
  return found;
}

function subjectOf(way: Way, before: string | undefined): Subject {
  if (way === 'page') return render;
  if (way === 'drawn') return oursAt(DIST, 'drawn');
  return way === 'before' ? oursAt(String(before)) : ours;
}

async function measure(
  subject: Subject,
  given: { call: Measurable; folder: string; scenario: Scenario; seconds: number },
): Promise<Measured> {
  const { call, folder, scenario, seconds } = given;
  const size = sizeNamed(scenario.quality);
  const running = await subject.start({ recorded: call, size, folder });
  const cost = await measureCost(running, seconds);
  const file = await running.stop();
  return file && scenario.camera ? { ...cost, ...(await call.analyze(file, { size, seconds })) } : cost;
}

function rowsOf({ name }: Scenario, found: Found): string[] {
  const alone = found.get('page') ?? [];
  return [...found].map(([way, measured]) => {
    const ratios = measured.map(({ cores }, round) => cores / (alone[round]?.cores ?? Number.NaN));
    const text = (values: readonly number[], digits: number) => textOf(summarize([...values]), digits);
    const cores = text(
      measured.map(({ cores }) => cores),
      3,
    );
    const memory = text(
      measured.map(({ pssMiB }) => pssMiB),
      0,
    );
    const covered = measured.flatMap((one) => one.covered ?? []);
    const least = covered.length > 0 ? Math.min(...covered).toFixed(3) : '';
    return `| ${name} | ${LABELS[way]} | ${cores} | ${text(ratios, 2)} | ${memory} | ${least} |`;
  });
}

function documentOf(measured: readonly [Scenario, Found][], { rounds, seconds, fps }: Given): string {
  const rows = measured.flatMap(([scenario, found]) => rowsOf(scenario, found));
  const [[first, found] = []] = measured;
  const threads = new Map([...(found ?? [])].map(([way, all]) => [way, all.map((one) => one.threads)]));
  return `# What it costs to record a call

A LiveKit call with cameras of 640 x 360 (320 x 180 where there are 25) at ${fps} frames a second, in the layout \`grid\`, in turns, ${rounds} times
${seconds} s each. Medians, and in brackets the least and the most. Covered is the least of how many different pictures a recording has each second,
divided by the frame rate, as read from the file. From \`npm run bench:call\`, on ${machineText(thisMachine())}.

| call | what | cores | times the page alone | memory, MiB | covered |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

Cores by thread, medians, ${first?.name}:

${threadTable(threads)}
`;
}
