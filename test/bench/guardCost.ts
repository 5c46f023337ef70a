import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { eventually } from '../support/eventually.ts';
import { findBrowser } from '../support/findBrowser.ts';
import { startBrowserPublishers } from '../support/publishLiveKit.ts';
import { type LiveKit, startLiveKit } from '../support/startLiveKit.ts';
import { pause } from './pause.ts';
import { cpuOf, cpuSince } from './processTree.ts';
import { summarize, textOf } from './statistics.ts';
import { machineText, thisMachine } from './thisMachine.ts';

const MAIN = fileURLToPath(new URL('../../dist/worker/main.js', import.meta.url));
const TABLE = fileURLToPath(new URL('../../docs/bench/guard-cost.md', import.meta.url));
const ROOM = 'guard-cost';
const PEOPLE = 3;
/** What starting costs is over by then. */
const SETTLE_S = 3;

const WAYS = ['with', 'without'] as const;
type Way = (typeof WAYS)[number];

interface Measured {
  /** CPU time of the worker and its browser per second of the call, once it is recorded. */
  readonly cores: number;
  /** CPU time of everything until then: starting, loading the page, joining the call. */
  readonly startCpuS: number;
}

/**
 * Measures what the egress guard costs. The same LiveKit call is recorded with it and without it, in turns. Without it
 * means that Chromium is started without the flags that lead everything through the guard's proxy.
 */
export async function main(argv: string[]): Promise<void> {
  const command = new Command('guardCost')
    .option('--rounds <n>', 'how often each is measured', Number, 9)
    .option('--seconds <n>', 'how long each is measured', Number, 20)
    .parse(argv);
  const { rounds, seconds } = command.opts<{ rounds: number; seconds: number }>();
  const folder = await mkdtemp(join(tmpdir(), 'guard-cost-'));
  const liveKit = await startLiveKit();
  const publishers = await startBrowserPublishers({ livekit: liveKit, roomName: ROOM });
  const found: Record<Way, Measured[]> = { with: [], without: [] };
  try {
    for (let person = 0; person < PEOPLE; person++)
      await publishers.join({
        ...{ identity: `person ${person}`, name: `Person ${person}` },
        ...{ hueDeg: person * 90, toneHz: 300 + person * 110 },
      });
    const browsers = { with: null, without: await browserWithoutProxy(folder) };
    for (let round = 0; round < rounds; round++)
      for (const way of round % 2 === 0 ? WAYS : WAYS.toReversed()) {
        const measured = await measure(liveKit, browsers[way], folder, seconds);
        console.log(`${way} the guard: ${JSON.stringify(measured)}`);
        found[way].push(measured);
      }
  } finally {
    await publishers.stop();
    await liveKit.stop();
    await rm(folder, { recursive: true, force: true });
  }
  await writeFile(TABLE, tableOf(found, { rounds, seconds }));
  console.log(`written: ${TABLE}`);
}

/** A program that is Chromium, except that it ignores through which proxy it is to go. */
async function browserWithoutProxy(folder: string): Promise<string> {
  const path = join(folder, 'chromium-without-proxy');
  const lines = [
    '#!/bin/sh',
    'for flag; do',
    '  shift',
    '  case "$flag" in --proxy-server=*|--proxy-bypass-list=*) ;; *) set -- "$@" "$flag" ;; esac',
    'done',
    `exec "${findBrowser()}" "$@"`,
  ];
  await writeFile(path, `${lines.join('\n')}\n`);
  await chmod(path, 0o755);
  return path;
}

async function measure(
  liveKit: LiveKit,
  browser: string | null,
  folder: string,
  seconds: number,
): Promise<Measured> {
  const job = {
    call: { id: ROOM },
    source: { kind: 'livekit', url: liveKit.url },
    recording: { quality: '720p' },
    limits: { max_duration_s: seconds * 10 },
  };
  const env = {
    ...process.env,
    COMPOSITOR_ALLOW_PRIVATE_URLS: '1',
    LIVEKIT_API_KEY: liveKit.apiKey,
    LIVEKIT_API_SECRET: liveKit.apiSecret,
    ...(browser === null ? {} : { COMPOSITOR_CHROMIUM: browser }),
  };
  const child = spawn(process.execPath, [MAIN, 'record', '-', '--out', folder], {
    env,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let progress = '';
  child.stderr.on('data', (text) => {
    progress += text;
  });
  const ended = once(child, 'close');
  child.stdin.end(JSON.stringify(job));
  await eventually('it records', () => /\d+ frames/.test(progress), { withinMs: 60_000 });
  const pid = Number(child.pid);
  const startCpuS = cpuSince(pid, new Map());
  await pause(SETTLE_S);
  const before = cpuOf(pid);
  await pause(seconds);
  const cores = cpuSince(pid, before) / seconds;
  child.kill('SIGINT');
  const [code] = await ended;
  if (code !== 0) throw new Error(`a recording ended with ${code}: ${progress}`);
  return { cores, startCpuS };
}

function tableOf(found: Record<Way, Measured[]>, given: { rounds: number; seconds: number }): string {
  const rows = WAYS.map((way) => {
    const cores = summarize(found[way].map((one) => one.cores));
    const startCpuS = summarize(found[way].map((one) => one.startCpuS));
    return `| ${way} the guard | ${textOf(cores, 3)} | ${textOf(startCpuS, 2)} |`;
  });
  const ratio = (of: (one: Measured) => number) => {
    const pairs = found.with.map((one, round) => of(one) / of(found.without[round] as Measured));
    return textOf(summarize(pairs), 3);
  };
  return `# What the egress guard costs

A LiveKit call of ${PEOPLE} people with cameras, recorded at 720p with the guard and without it, in turns, ${given.rounds} times
${given.seconds} s each. Medians, and in brackets the least and the most. From \`npm run bench:guard\`, on ${machineText(thisMachine())}.

| recording | cores while it records | CPU seconds until it records |
| --- | --- | --- |
${rows.join('\n')}
| ratio of each pair | ${ratio(({ cores }) => cores)} | ${ratio(({ startCpuS }) => startCpuS)} |
`;
}
