import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { measureCost } from './measureCost.ts';
import { serveBenchPage } from './serveBenchPage.ts';
import { sizeNamed } from './size.ts';
import { summarize, textOf } from './statistics.ts';
import { oursAt } from './subjects/ours.ts';
import { threadTable } from './threads.ts';

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
  const found = new Map<string, ReadonlyMap<string, number>[]>(builds.map((dist) => [dist, []]));
  try {
    for (let round = 0; round < rounds; round++)
      for (const dist of builds) {
        const running = await oursAt(dist).start({ recorded: page, folder, size: sizeNamed(size) });
        found.get(dist)?.push((await measureCost(running, seconds)).threads);
        await running.stop();
      }
  } finally {
    await page.close();
    await rm(folder, { recursive: true, force: true });
  }
  console.log(threadTable(found));
  for (const [dist, measured] of found) {
    const cores = measured.map((threads) => [...threads.values()].reduce((sum, each) => sum + each, 0));
    console.log(`${dist}: ${textOf(summarize(cores), 3)} cores`);
  }
}
