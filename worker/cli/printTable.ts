import { onOneLine } from './printable.ts';

/** Prints objects of the same fields as a table, one object a line; `none` where there are none. */
export function printTable(rows: readonly Readonly<Record<string, unknown>>[], none: string): void {
  const [first] = rows;
  if (first === undefined) {
    console.log(none);
    return;
  }
  const names = Object.keys(first);
  const lines = [names, ...rows.map((row) => names.map((name) => onOneLine(String(row[name] ?? '-'))))];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => String(line[column]).length)));
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}
