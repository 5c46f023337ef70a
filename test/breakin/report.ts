import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One way in, and what became of it. */
export interface Row {
  readonly name: string;
  readonly asked: string;
  /** What was reached, which must be nothing. */
  readonly heard: readonly string[];
}

/** What was found out. */
export interface Findings {
  /** Ways that reach something where everything is allowed. Empty where that was not tried. */
  readonly working: readonly string[];
  readonly rows: readonly Row[];
}

/** Writes breakin.json and breakin.md into the folder. What is in the former and was not tried this time stays. */
export async function writeReport(folder: string, found: Findings): Promise<void> {
  const path = join(folder, 'breakin.json');
  const before = JSON.parse(await readFile(path, 'utf8').catch(() => '{"working":[],"rows":[]}')) as Findings;
  const isNew = (row: Row) => found.rows.some(({ name, asked }) => name === row.name && asked === row.asked);
  const all = {
    working: found.working.length > 0 ? found.working : before.working,
    rows: [...before.rows.filter((row) => !isNew(row)), ...found.rows],
  };
  await writeFile(path, `${JSON.stringify(all, null, 2)}\n`);
  await writeFile(join(folder, 'breakin.md'), markdownOf(all));
}

function markdownOf({ working, rows }: Findings): string {
  const works = (row: Row) => (row.asked === 'by a job' ? '' : working.includes(row.name) ? 'yes' : 'no');
  const lines = rows.map(
    (row) =>
      `| ${row.name} | ${row.asked} | ${works(row)} | ${row.heard.join(', ').replaceAll('|', '/') || 'nothing'} |`,
  );
  const reached = rows.filter(({ heard }) => heard.length > 0).length;
  return `# Ways in that were tried

\`npm run breakin -- --write\` tries each way in a network of its own, against listeners on every private address, by TCP and
UDP, IPv4 and IPv6, and writes this page. Of ${rows.length} tries, ${reached} reached something.

| way | tried | reaches something where everything is allowed | was heard |
| --- | --- | --- | --- |
${lines.join('\n')}
`;
}
