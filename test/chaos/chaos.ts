import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { manyJobs } from './manyJobs.ts';
import { openWorld } from './openWorld.ts';
import type { Seen } from './recordThrough.ts';
import { markdownOf, type Row, rowOf, withRow } from './report.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

const DOCS = fileURLToPath(new URL('../../docs/bench', import.meta.url));

/**
 * Breaks everything that a recording needs, at random moments, and reports what was promised and the worst
 * that was seen. Writes its rows of docs/bench/chaos.md, which is made of chaos.json. Exits with 1 if a promise was
 * broken.
 */
export async function main(argv: string[]): Promise<void> {
  const command = new Command('chaos')
    .option('--times <n>', 'how often each scenario is played', Number, 20)
    .option('--only <names>', 'the names of the scenarios, with commas between them')
    .option('--seed <n>', 'the seed of the random moments', Number, Date.now() % 1_000_000)
    .option('--jobs <n>', 'how many short jobs are recorded while workers are killed', Number, 200)
    .parse(argv);
  const { times, only, seed, jobs } = command.opts<{
    times: number;
    only?: string;
    seed: number;
    jobs: number;
  }>();
  const random = randomFrom(seed);
  const wanted = only?.split(',');
  console.log(`seed ${seed}`);
  const rows: Row[] = [];
  for (const scenario of SCENARIOS.filter(({ name }) => !wanted || wanted.includes(name))) {
    const row = rowOf(scenario, await play(scenario, times, random));
    console.log(`${row.kept ? 'kept  ' : 'BROKEN'} ${scenario.name}: ${row.seen}`);
    rows.push(row);
    await writeReport(row);
  }
  if (!wanted || wanted.includes('many-jobs')) {
    const row = await manyJobs(jobs, random);
    rows.push(row);
    await writeReport(row);
  }
  process.exitCode = rows.every(({ kept }) => kept) ? 0 : 1;
  process.exit();
}

/** Other rows stay as they were measured before. */
async function writeReport(row: Row): Promise<void> {
  const before = await readFile(`${DOCS}/chaos.json`, 'utf8').then(JSON.parse, () => []);
  const all = withRow(before, row);
  await writeFile(`${DOCS}/chaos.json`, `${JSON.stringify(all, null, 2)}\n`);
  await writeFile(`${DOCS}/chaos.md`, markdownOf(all));
}

/** What was seen each time, or why it could not be seen. */
async function play(scenario: Scenario, times: number, random: () => number): Promise<(Seen | Error)[]> {
  const all: (Seen | Error)[] = [];
  for (let time = 1; time <= times; time++) {
    const world = await openWorld();
    try {
      const seen = await scenario.run(world, random);
      all.push(seen);
      const figures = `missing ${seen.missingS.toFixed(2)} s, goes on after ${seen.goesOnAfterS?.toFixed(2) ?? '-'} s`;
      console.log(`  ${scenario.name} ${time}: ${[figures, ...seen.problems].join('; ')}`);
    } catch (error) {
      all.push(error as Error);
      console.log(`  ${scenario.name} ${time}: ${(error as Error).message}`);
    } finally {
      await world.close();
    }
  }
  return all;
}

/** Numbers from 0 to 1, the same for the same seed (a Lehmer generator). */
function randomFrom(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
