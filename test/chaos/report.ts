import type { Seen } from './recordThrough.ts';
import type { Scenario } from './scenario.ts';

/** One row of the table. */
export interface Row {
  /** What `--only` names. */
  readonly name: string;
  readonly happens: string;
  readonly promise: string;
  readonly seen: string;
  readonly kept: boolean;
}

/** The worst of what was seen, beside the promise. */
export function rowOf(scenario: Scenario, all: readonly (Seen | Error)[]): Row {
  const seen = all.filter((one): one is Seen => !(one instanceof Error));
  const missingS = Math.max(0, ...seen.map((one) => one.missingS));
  const goesOnS = Math.max(0, ...seen.map((one) => one.goesOnAfterS ?? 0));
  const problems = new Set(all.flatMap((one) => (one instanceof Error ? [one.message] : one.problems)));
  if (missingS > scenario.mostMissingS) problems.add('more is missing than promised');
  if (goesOnS > scenario.goesOnWithinS) problems.add('it went on later than promised');
  const worst = `${all.length} times; at most ${missingS.toFixed(2)} s missing, going on after at most ${goesOnS.toFixed(2)} s`;
  const { name, happens, promise } = scenario;
  return { name, happens, promise, seen: [worst, ...problems].join('; '), kept: problems.size === 0 };
}

/** The rows that were measured before, with the new one in its place or behind them. */
export function withRow(before: readonly Row[], row: Row): Row[] {
  const replaced = before.map((old) => (old.name === row.name ? row : old));
  return replaced.includes(row) ? replaced : [...replaced, row];
}

export function markdownOf(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ happens, promise, seen, kept }) =>
      `| ${happens} | ${promise} | ${kept ? 'kept' : '**broken**'}: ${seen} |`,
  );
  return `# What recordings survive

\`npm run chaos\` plays each row at random moments, with real workers, browsers, Redis and an S3 server, and writes
this page. It reads the clock that the recorded page shows in every picture of the file, and hears its beeps.

| what happens | what is promised | the worst that was seen |
| --- | --- | --- |
${lines.join('\n')}
`;
}
