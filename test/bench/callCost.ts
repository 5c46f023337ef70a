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
const ROOM = 'call-cost';
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
}

interface Given {
  readonly quality: Quality;
  readonly people: number;
  readonly seconds: number;
  readonly layout: string;
}

/**
 * Measures what it costs to record a real LiveKit call in our layout app, beside the same page open in the same call in plain
 * headless Chromium, in turns.
 */
export async function main(argv: string[]): Promise<void> {
  const command = new Command('callCost')
    .option('--rounds <n>', 'how often each is measured', Number, 5)
    .option('--seconds <n>', 'how long each is measured', Number, 15)
    .option('--people <n>', 'how many people have a camera', Number, 4)
    .option('--fps <n>', 'frames a second of each camera', Number, 30)
    .option('--quality <name>', Object.keys(SIZES).join(' or '), '720p')
    .option('--layout <name>', 'of the recording', 'grid')
    .option('--before <dist>', 'a build to compare with, whose way is called "before"')
    .option('--ways <names>', 'with commas between them', (text) => text.split(',') as Way[], [...WAYS])
    .parse(argv);
  const { rounds, fps, ways, before, ...given } = command.opts<
    Given & { rounds: number; fps: number; ways: Way[]; before?: string }
  >();
  if (before) ways.push('before');
  const folder = await mkdtemp(join(tmpdir(), 'call-cost-'));
  const liveKit = await startLiveKit();
  const publishers = await startBrowserPublishers({ livekit: liveKit, roomName: ROOM });
  const found = new Map<Way, Measured[]>(ways.map((way) => [way, []]));
  try {
    for (let person = 0; person < given.people; person++)
      await publishers.join({
        ...{ identity: `person ${person}`, name: `Person ${person}` },
        ...{ hueDeg: (person * 360) / given.people, toneHz: 300 + person * 110, framesPerSecond: fps },
      });
    for (let round = 0; round < rounds; round++)
      for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
        const measured =
          way === 'page'
            ? await measurePage(liveKit, given)
            : way === 'before'
              ? await measure(liveKit, 'decoded', folder, given, before)
              : await measure(liveKit, way, folder, given);
        console.log(`${way}: ${measured.cores.toFixed(3)} cores, ${measured.pssMiB} MiB`);
        found.get(way)?.push(measured);
      }
  } finally {
    await publishers.stop();
    await liveKit.stop();
    await rm(folder, { recursive: true, force: true });
  }
  const table = tableOf(found, { ...given, rounds, fps });
  console.log(table);
  if (WAYS.every((way) => ways.includes(way)) && !before) await writeFile(TABLE, table);
}

async function measurePage(liveKit: LiveKit, { quality, seconds, layout }: Given): Promise<Measured> {
  const app = await startLayoutApp();
  try {
    const token = await liveKit.createToken({ identity: 'viewer', hidden: true, roomName: ROOM });
    const source = { kind: 'livekit', url: liveKit.url, token, e2eeKey: null };
    const { waitFor } = await openPage(app, { layout, source }, SIZES[quality]);
    await waitFor('ready');
    return await costOf(Number(app.browser.process()?.pid), seconds);
  } finally {
    await app.close();
  }
}

async function measure(
  liveKit: LiveKit,
  videos: 'drawn' | 'decoded',
  folder: string,
  { quality, seconds, layout }: Given,
  dist = DIST,
): Promise<Measured> {
  const job = {
    call: { id: ROOM },
    source: { kind: 'livekit', url: liveKit.url },
    recording: { quality, videos, layout: { name: layout } },
    limits: { max_duration_s: seconds * 10 },
  };
  const env = {
    ...process.env,
    COMPOSITOR_ALLOW_PRIVATE_URLS: '1',
    LIVEKIT_API_KEY: liveKit.apiKey,
    LIVEKIT_API_SECRET: liveKit.apiSecret,
  };
  const child = spawn(
    process.execPath,
    [join(dist, 'worker/main.js'), 'record', '-', '--out', folder, '--json'],
    {
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
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
  const measured = await costOf(Number(child.pid), seconds);
  child.kill('SIGINT');
  const [code] = await ended;
  if (code !== 0) throw new Error(`a recording ended with ${code}: ${progress}`);
  const { decoded_s, duration_s, dropped_frames } = JSON.parse(said.trim().split('\n').at(-1) ?? '');
  console.log(`  ${duration_s} s, ${decoded_s} s of them decoded, ${dropped_frames} dropped`);
  return measured;
}

async function costOf(pid: number, seconds: number): Promise<Measured> {
  await pause(SETTLE_S);
  const threads = await coresByThread(pid, seconds);
  const cores = [...threads.values()].reduce((sum, each) => sum + each, 0);
  return { cores, threads, pssMiB: usageOf(pid).pssMiB };
}

function tableOf(
  found: ReadonlyMap<Way, readonly Measured[]>,
  { quality, people, seconds, layout, rounds, fps }: Given & { rounds: number; fps: number },
): string {
  const alone = found.get('page') ?? [];
  const rows = [...found].map(([way, measured]) => {
    const ratios = measured.map(({ cores }, round) => cores / (alone[round]?.cores ?? Number.NaN));
    const figures = [measured.map(({ cores }) => cores), measured.map(({ pssMiB }) => pssMiB), ratios];
    const [cores, memory, ratio] = figures.map((values, index) =>
      textOf(summarize(values), [3, 0, 2][index] ?? 0),
    );
    return `| ${LABELS[way]} | ${cores} | ${ratio} | ${memory} |`;
  });
  return `# What it costs to record a call

A LiveKit call of ${people} people with cameras of 640 x 360 at ${fps} frames a second, in the layout \`${layout}\` at ${quality}, in turns, ${rounds} times ${seconds} s
each. Medians, and in brackets the least and the most. From \`npm run bench:call\`, on ${machineText(thisMachine())}.

| what | cores | times the page alone | memory, MiB |
| --- | --- | --- | --- |
${rows.join('\n')}

Cores by thread, medians:

${threadTable(new Map([...found].map(([way, all]) => [way, all.map((one) => one.threads)])))}
`;
}
