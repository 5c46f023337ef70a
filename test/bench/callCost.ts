import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { eventually } from '../support/eventually.ts';
import { openPage, startLayoutApp } from '../support/openLayoutApp.ts';
import { startBrowserPublishers } from '../support/publishLiveKit.ts';
import { type LiveKit, startLiveKit } from '../support/startLiveKit.ts';
import { pause } from './pause.ts';
import { usageOf } from './processTree.ts';
import { summarize, textOf } from './statistics.ts';
import { machineText, thisMachine } from './thisMachine.ts';
import { coresByThread, threadTable } from './threads.ts';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const TABLE = fileURLToPath(new URL('../../docs/bench/call-cost.md', import.meta.url));
/** What starting costs is over by then. */
const SETTLE_S = 3;
const SIZES = { '720p': { width: 1280, height: 720 }, '1080p': { width: 1920, height: 1080 } } as const;
type Quality = keyof typeof SIZES;

const WAYS = ['page', 'drawn', 'decoded'] as const;
type Way = (typeof WAYS)[number] | 'before';
const LABELS: Readonly<Record<Way, string>> = {
  page: 'the page alone, open in headless Chromium',
  drawn: 'recorded, videos drawn by the browser',
  decoded: 'recorded, videos as they were decoded',
  before: 'the same, by the other build',
};

interface Measured {
  /** CPU time per second of all processes that the way needs. */
  readonly cores: number;
  readonly threads: ReadonlyMap<string, number>;
  readonly pssMiB: number;
  /** The least share of the slots of a recording that have a picture of their own; null for the page alone. */
  readonly covered: number | null;
}

/** A call, and how it is recorded. */
interface Scenario {
  readonly name: string;
  readonly quality: Quality;
  readonly people: number;
  /** Width and height of each camera; null where nobody has one. */
  readonly camera: readonly [width: number, height: number] | null;
  readonly layout: string;
  /** How many recordings of the call run at once. */
  readonly atOnce: number;
  readonly ways: readonly Way[];
}

const FOUR: Omit<Scenario, 'name'> = {
  ...{ quality: '720p', people: 4, camera: [640, 360], layout: 'grid', atOnce: 1 },
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
  { ...FOUR, name: '720p, 4 people, four recordings at once', atOnce: 4, ways: WAYS },
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
  const liveKit = await startLiveKit();
  const roomName = 'call-cost';
  const publishers = await startBrowserPublishers({ livekit: liveKit, roomName });
  const found = new Map<Way, Measured[]>(ways.map((way) => [way, []]));
  const { people, camera } = scenario;
  try {
    for (let person = 0; person < people; person++)
      await publishers.join({
        ...{ identity: `person ${person}`, name: `Person ${person}` },
        ...{ hueDeg: (person * 360) / people, toneHz: 300 + person * 50, framesPerSecond: fps },
        camera: camera !== null,
        ...(camera && { size: { widthPx: camera[0], heightPx: camera[1], bitrateBps: camera[0] * 800 } }),
        isPrepared: true,
      });
    const call = { liveKit, roomName, folder, scenario, seconds };
    for (let round = 0; round < rounds; round++)
      for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
        const measured = await measureWay(way, call, before);
        const { cores, pssMiB, covered } = measured;
        console.log(`${way}: ${cores.toFixed(3)} cores, ${pssMiB} MiB, ${covered?.toFixed(3) ?? ''}`);
        found.get(way)?.push(measured);
      }
  } finally {
    await publishers.stop();
    await liveKit.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return found;
}

interface Call {
  readonly liveKit: LiveKit;
  readonly roomName: string;
  readonly folder: string;
  readonly scenario: Scenario;
  readonly seconds: number;
}

async function measureWay(way: Way, call: Call, before: string | undefined): Promise<Measured> {
  if (way === 'page') return measurePage(call);
  const [videos, dist] = way === 'before' ? (['decoded', before] as const) : ([way, DIST] as const);
  const at = Array.from({ length: call.scenario.atOnce }, () => record(videos, call, String(dist)));
  const recordings = await Promise.all(at);
  const costs = await Promise.all(recordings.map(({ pid }) => costOf(pid, call.seconds)));
  const covered = await Promise.all(recordings.map(({ end }) => end()));
  return {
    cores: sum(costs.map(({ cores }) => cores)),
    threads: (costs[0] as Measured).threads,
    pssMiB: sum(costs.map(({ pssMiB }) => pssMiB)),
    covered: Math.min(...covered),
  };
}

const sum = (values: readonly number[]) => values.reduce((all, each) => all + each, 0);

async function measurePage({ liveKit, roomName, scenario, seconds }: Call): Promise<Measured> {
  const { layout, quality, atOnce } = scenario;
  const apps = await Promise.all(Array.from({ length: atOnce }, () => startLayoutApp()));
  try {
    for (const [index, app] of apps.entries()) {
      const token = await liveKit.createToken({ identity: `viewer ${index}`, hidden: true, roomName });
      const source = { kind: 'livekit', url: liveKit.url, token, e2eeKey: null };
      const { waitFor } = await openPage(app, { layout, source }, SIZES[quality]);
      await waitFor('ready');
    }
    const costs = await Promise.all(apps.map((app) => costOf(Number(app.browser.process()?.pid), seconds)));
    return {
      cores: sum(costs.map(({ cores }) => cores)),
      threads: (costs[0] as Measured).threads,
      pssMiB: sum(costs.map(({ pssMiB }) => pssMiB)),
      covered: null,
    };
  } finally {
    await Promise.all(apps.map((app) => app.close()));
  }
}

/** Starts a recording. `end` ends it, and resolves to the share of its slots that have a picture of their own. */
async function record(
  videos: 'drawn' | 'decoded',
  { liveKit, roomName, folder, scenario, seconds }: Call,
  dist: string,
): Promise<{ readonly pid: number; end(): Promise<number> }> {
  const job = {
    call: { id: roomName },
    source: { kind: 'livekit', url: liveKit.url },
    recording: { quality: scenario.quality, videos, layout: { name: scenario.layout } },
    limits: { max_duration_s: seconds * 20 },
  };
  const env = {
    ...process.env,
    COMPOSITOR_ALLOW_PRIVATE_URLS: '1',
    LIVEKIT_API_KEY: liveKit.apiKey,
    LIVEKIT_API_SECRET: liveKit.apiSecret,
  };
  const main = join(dist, 'worker/main.js');
  const child = spawn(process.execPath, [main, 'record', '-', '--out', folder, '--json'], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let progress = '';
  let said = '';
  child.stderr.on('data', (text) => {
    progress += text;
  });
  child.stdout.on('data', (text) => {
    said += text;
  });
  const ended = once(child, 'close');
  child.stdin.end(JSON.stringify(job));
  await eventually('it records', () => /\d+ frames/.test(progress), { withinMs: 60_000 });
  return {
    pid: Number(child.pid),
    end: async () => {
      child.kill('SIGINT');
      const [code] = await ended;
      if (code !== 0) throw new Error(`a recording ended with ${code}: ${progress}`);
      const result = JSON.parse(said.trim().split('\n').at(-1) ?? '');
      const { decoded_s, duration_s, frames, dropped_frames } = result;
      console.log(`  ${duration_s} s, ${decoded_s} s of them decoded, ${dropped_frames} dropped`);
      return frames / (frames + dropped_frames);
    },
  };
}

async function costOf(pid: number, seconds: number): Promise<Measured> {
  await pause(SETTLE_S);
  const threads = await coresByThread(pid, seconds);
  return { cores: sum([...threads.values()]), threads, pssMiB: usageOf(pid).pssMiB, covered: null };
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
${seconds} s each. Medians, and in brackets the least and the most. Covered is the least share of pictures that were not dropped. From
\`npm run bench:call\`, on ${machineText(thisMachine())}.

| call | what | cores | times the page alone | memory, MiB | covered |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

Cores by thread, medians, ${first?.name}:

${threadTable(threads)}
`;
}
