import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { pause } from './pause.ts';
import { serveBenchPage } from './serveBenchPage.ts';
import { summarize } from './statistics.ts';
import { oursAt } from './subjects/ours.ts';
import { threadsOf } from './threads.ts';

const SETTLE_S = 4;

/**
 * Shows where the CPU time of a recording goes: cores per thread of each process, for one build or several in
 * turns.
 */
export async function main(argv: string[]): Promise<void> {
  const command = new Command('profile')
    .option('--build <folders>', 'dist folders to compare, separated by commas', 'dist')
    .option('--rounds <n>', 'times each is measured', Number, 3)
    .option('--seconds <n>', 'how long each time', Number, 8)
    .option('--size <name>', '720p or 1080p', '720p')
    .parse(argv);
  const { build, rounds, seconds, size } = command.opts<{
    build: string;
    rounds: number;
    seconds: number;
    size: string;
  }>();
  const builds = build.split(',');
  const page = await serveBenchPage();
  const folder = await mkdtemp(join(tmpdir(), 'profile-'));
  const found = new Map<string, Map<string, number[]>>();
  const all = new Map<string, number[]>();
  try {
    for (let round = 0; round < rounds; round++)
      for (const dist of builds) {
        const heightPx = Number.parseInt(size, 10);
        const running = await oursAt(dist).start({
          page,
          seconds,
          folder,
          size: { widthPx: (heightPx * 16) / 9, heightPx },
        });
        await pause(SETTLE_S);
        const before = threadsOf(running.pid);
        await pause(seconds);
        const after = threadsOf(running.pid);
        await running.stop();
        const cpuS = [...after].reduce((sum, [thread, end]) => sum + end - (before.get(thread) ?? 0), 0);
        all.set(dist, [...(all.get(dist) ?? []), cpuS / seconds]);
        for (const [thread, cpuS] of after) {
          const rows = found.get(thread) ?? new Map<string, number[]>();
          found.set(
            thread,
            rows.set(dist, [...(rows.get(dist) ?? []), (cpuS - (before.get(thread) ?? 0)) / seconds]),
          );
        }
      }
  } finally {
    await page.close();
    await rm(folder, { recursive: true, force: true });
  }
  print(found, builds);
  for (const [dist, cores] of all) {
    const summary = summarize(cores);
    if (!summary) continue;
    const [median, min, max] = [summary.median, summary.min, summary.max].map((value) => value.toFixed(3));
    console.log(`${dist}: ${median} cores (${min} to ${max})`);
  }
}

function print(found: Map<string, Map<string, number[]>>, builds: readonly string[]): void {
  const rows = [...found].map(([thread, byBuild]) => ({
    thread,
    cores: builds.map((build) => summarize(byBuild.get(build) ?? [])?.median ?? 0),
  }));
  const largest = ({ cores }: { cores: number[] }) => Math.max(...cores);
  console.log(`| thread | ${builds.join(' | ')} |\n| --- |${' --- |'.repeat(builds.length)}`);
  for (const row of rows.filter((each) => largest(each) >= 0.005).sort((a, b) => largest(b) - largest(a)))
    console.log(`| ${row.thread} | ${row.cores.map((cores) => cores.toFixed(3)).join(' | ')} |`);
}
