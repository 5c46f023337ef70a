import type { Rectangle } from './rectangle.ts';

/** A CSS grid whose lines are where rectangles begin and end. */
export interface BoardLines {
  readonly columns: string;
  readonly rows: string;
  /** The `grid-area` of each rectangle. */
  readonly areas: readonly string[];
}

/** The grid of a box in which rectangles are placed. They may overlap. */
export function boardLines(rectangles: readonly Rectangle[]): BoardLines {
  const across = linesOf(rectangles.flatMap(({ left, width }) => [left, left + width]));
  const down = linesOf(rectangles.flatMap(({ top, height }) => [top, top + height]));
  return {
    columns: tracksOf(across),
    rows: tracksOf(down),
    areas: rectangles.map(({ left, top, width, height }) =>
      [down.indexOf(top), across.indexOf(left), down.indexOf(top + height), across.indexOf(left + width)]
        .map((line) => line + 1)
        .join(' / '),
    ),
  };
}

function linesOf(edges: readonly number[]): number[] {
  return [...new Set([0, ...edges])].sort((a, b) => a - b);
}

function tracksOf(lines: readonly number[]): string {
  return lines
    .slice(1)
    .map((line, at) => `${line - (lines[at] as number)}px`)
    .join(' ');
}
