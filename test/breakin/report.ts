/** One way in, and what became of it. */
export interface Row {
  readonly name: string;
  readonly asked: string;
  /** What was reached, which must be nothing. */
  readonly heard: readonly string[];
  /** Whether it reaches something where everything is allowed; null where that was not tried. */
  readonly works: boolean | null;
}

/** The table of docs/bench/breakin.md. */
export function markdownOf(rows: readonly Row[]): string {
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
