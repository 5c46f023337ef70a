import { Command } from 'commander';
import fc from 'fast-check';
import { hostileJob } from './hostileJob.ts';
import { judgeJob } from './judgeJob.ts';

/** Tries the reading of jobs with many payloads, and prints how it went. A seed repeats a failure. */
export async function main(argv: readonly string[]): Promise<void> {
  const command = new Command('fuzz')
    .option('--runs <n>', 'payloads to try', Number, 100_000)
    .option('--seed <n>', 'where to begin; a failure prints its seed', Number, Date.now() % 2 ** 31)
    .parse([...argv]);
  const { runs, seed } = command.opts<{ runs: number; seed: number }>();
  console.log(`${runs} payloads from seed ${seed}`);
  let taken = 0;
  const startedAtMs = performance.now();
  fc.assert(
    fc.property(hostileJob, (job) => {
      if (judgeJob(job)) taken += 1;
    }),
    { numRuns: runs, seed, endOnFailure: true },
  );
  const tookS = (performance.now() - startedAtMs) / 1000;
  console.log(
    `${taken} taken, ${runs - taken} refused with one InvalidRequestError each, in ${tookS.toFixed(0)} s`,
  );
}
