import { summarize } from '../bench/statistics.ts';
import { machineText, thisMachine } from '../bench/thisMachine.ts';
import type { Played } from './playAll.ts';
import type { Seen } from './recordThrough.ts';
import type { Scenario } from './scenario.ts';

/** One row of the table. */
export interface Row {
  /** What `--only` names. */
  readonly name: string;
  readonly happens: string;
  readonly promise: string;
  readonly plays: number;
  readonly usual: string;
  readonly worst: string;
  /** How the promise was broken; empty where it was kept. */
  readonly problems: readonly string[];
  /** As in 2026-01-31. */
  readonly playedOn: string;
  readonly machine: string;
}

/** Median and worst of what was seen, beside the promise. A play that could not be played breaks it, too. */
export function rowOf(scenario: Scenario, all: readonly Played[]): Row {
  const seen = all.filter((one): one is Seen => !(one instanceof Error));
  const missing = summarize(seen.map(({ missingS }) => missingS));
  const goesOn = summarize(seen.map(({ goesOnAfterS }) => goesOnAfterS));
  const problems: [boolean, string][] = [
    [(missing?.max ?? 0) > scenario.mostMissingS, 'more is missing than promised'],
    [(goesOn?.max ?? 0) > scenario.goesOnWithinS, 'it went on later than promised'],
    ...all.flatMap((one) => problemsOf(one).map((text): [boolean, string] => [true, text])),
  ];
  const { name, happens, promise } = scenario;
  return {
    ...{ name, happens, promise },
    plays: all.length,
    usual: figures(missing?.median, goesOn?.median),
    worst: figures(missing?.max, goesOn?.max),
    problems: [...new Set(problems.filter(([is]) => is).map(([, text]) => text))],
    ...whenAndWhere(),
  };
}

/** When and on what a row was measured. */
export function whenAndWhere(): Pick<Row, 'playedOn' | 'machine'> {
  return { playedOn: new Date().toISOString().slice(0, 10), machine: machineText(thisMachine()) };
}

function problemsOf(played: Played): readonly string[] {
  if (!(played instanceof Error)) return played.problems;
  return [`a play could not be played: ${played.message}`];
}

function figures(missingS: number | undefined, goesOnAfterS: number | undefined): string {
  if (missingS === undefined) return 'nothing was seen';
  const goesOn = goesOnAfterS === undefined ? '' : `, goes on after ${goesOnAfterS.toFixed(2)} s`;
  return `${missingS.toFixed(2)} s missing${goesOn}`;
}

/** The rows that were measured before and the new one, in the order of `names`. */
export function withRow(before: readonly Row[], row: Row, names: readonly string[]): Row[] {
  const all = [...before.filter(({ name }) => name !== row.name), row];
  return names.flatMap((wanted) => all.filter(({ name }) => name === wanted));
}

export function markdownOf(rows: readonly Row[]): string {
  const lines = rows.map(({ happens, promise, plays, usual, worst, problems }) => {
    const verdict = problems.length === 0 ? 'kept' : `**broken**: ${problems.join('; ')}`;
    return `| ${[happens, promise, plays, usual, worst, verdict].map(cell).join(' | ')} |`;
  });
  const days = [...new Set(rows.map(({ playedOn }) => playedOn))].sort();
  const machines = [...new Set(rows.map(({ machine }) => machine))];
  return `# What recordings survive

\`npm run chaos\` plays each row at random moments, with real workers, browsers, Redis and an S3 server, and writes
this page. It reads the clock that the recorded page shows in every picture of the file, and hears its beeps. Each file is
decoded to its end without a complaint, is as long as the call and as the result says, and what is missing is stated. There is one
final event, and the record tells the same result. What could not be played counts as broken. All workers run on one machine, so
the 10 s of silence after which a worker of another machine goes on are part of no row.

Played ${days.length > 1 ? `from ${days[0]} to` : 'on'} ${days.at(-1)}, on ${machines.join(' and ')}.

| what happens | what is promised | plays | median | worst | |
| --- | --- | --- | --- | --- | --- |
${lines.join('\n')}
`;
}

function cell(content: string | number): string {
  return String(content).replaceAll('|', '\\|').replaceAll('\n', ' ');
}
