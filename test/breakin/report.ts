import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One way in, and what became of it. */
export interface Row {
  readonly name: string;
  readonly asked: string;
  /** What was reached, which must be nothing. */
  readonly heard: readonly string[];
  /** Whether it reaches something where everything is allowed; null where that was not tried. */
  readonly works: boolean | null;
}

/** Writes breakin.json and breakin.md into the folder. Rows that are in the former and were not tried this time stay. */
export async function writeReport(folder: string, rows: readonly Row[]): Promise<void> {
  const path = join(folder, 'breakin.json');
  const before = JSON.parse(await readFile(path, 'utf8').catch(() => '[]')) as Row[];
  const isNew = (row: Row) => rows.some(({ name, asked }) => name === row.name && asked === row.asked);
  const all = [...before.filter((row) => !isNew(row)), ...rows];
  await writeFile(path, `${JSON.stringify(all, null, 1)}\n`);
  await writeFile(join(folder, 'breakin.md'), markdownOf(all));
}

function markdownOf(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ name, asked, heard, works }) =>
      `| ${name} | ${asked} | ${works === null ? '' : works ? 'yes' : 'no'} | ${heard.join(', ').replaceAll('|', '/') || 'nothing'} |`,
  );
  const reached = rows.filter(({ heard }) => heard.length > 0).length;
  return `# Ways in that were tried

\`npm run breakin -- --write\` tries each way in a network of its own, against listeners on every private address, by TCP and
UDP, IPv4 and IPv6, and writes this page. Of ${rows.length} ways, ${reached} reached something.

| way | tried | reaches something where everything is allowed | was heard |
| --- | --- | --- | --- |
${lines.join('\n')}
`;
}
