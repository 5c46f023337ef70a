import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { randomFrom } from '../support/randomFrom.ts';
import { manyJobs } from './manyJobs.ts';
import { playAll } from './playAll.ts';
import { markdownOf, type Row, rowOf, withRow } from './report.ts';
import { SCENARIOS } from './scenarios.ts';

const DOCS = fileURLToPath(new URL('../../docs/bench', import.meta.url));
const MANY_JOBS = 'many-jobs';
const NAMES = [...SCENARIOS.map(({ name }) => name), MANY_JOBS];

/**
 * Breaks everything that a recording needs, at random moments, and reports what was promised and the worst
 * that was seen. Writes its rows of docs/bench/chaos.md, which is made of chaos.json. Exits with 1 if a promise was
 * broken.
 */
export async function main(argv: string[]): Promise<void> {
  const command = new Command('chaos')
    .option('--times <n>', 'how often each scenario is played', count, 20)
    .option(
      '--at-once <n>',
      'how many plays of a scenario run beside each other; those whose figures depend on load stay alone',
      count,
      availableParallelism(),
    )
    .option('--only <names>', `with commas between them: ${NAMES.join(', ')}`, names, NAMES)
    .option('--seed <n>', 'the seed of the random moments', Number, Date.now() % 1_000_000)
    .option('--jobs <n>', 'how many short jobs are recorded while workers are killed', count, 200)
    .parse(argv);
  const { only, jobs, ...how } = command.opts<{
    times: number;
    atOnce: number;
    only: string[];
    seed: number;
    jobs: number;
  }>();
  // A worker in a process group of its own does not hear of it.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  console.log(`seed ${how.seed}, ${how.atOnce} at once`);
  const startedMs = performance.now();
  let broken = 0;
  for (const name of only) {
    const scenario = SCENARIOS.find((one) => one.name === name);
    const row = scenario
      ? rowOf(scenario, await playAll(scenario, how))
      : await manyJobs(jobs, randomFrom(`${how.seed} ${MANY_JOBS}`));
    console.log(
      `${row.problems.length === 0 ? 'kept  ' : 'BROKEN'} ${name}: ${[row.worst, ...row.problems].join('; ')}`,
    );
    if (row.problems.length > 0) broken++;
    await writeReport(row);
  }
  const minutes = (performance.now() - startedMs) / 60_000;
  console.log(`${only.length} rows in ${minutes.toFixed(1)} min, ${broken} of them broken`);
  process.exit(broken === 0 ? 0 : 1);
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It is a number from 1 on.');
  return number;
}

function names(text: string): string[] {
  const wanted = text.split(',');
  const unknown = wanted.filter((name) => !NAMES.includes(name));
  if (unknown.length > 0)
    throw new InvalidArgumentError(`There is no ${unknown.join(', ')}. There are ${NAMES.join(', ')}.`);
  return wanted;
}

/** Other rows stay as they were measured before. */
async function writeReport(row: Row): Promise<void> {
  const before = await readFile(`${DOCS}/chaos.json`, 'utf8').then(JSON.parse, () => []);
  const all = withRow(before, row, NAMES);
  await writeFile(`${DOCS}/chaos.json`, `${JSON.stringify(all, null, 2)}\n`);
  await writeFile(`${DOCS}/chaos.md`, markdownOf(all));
}
