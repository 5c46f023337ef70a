import { type AspectRange, fitAspect, type Rectangle } from './rectangle.ts';

export interface GridRequest {
  readonly count: number;
  /** The area that the grid may use. */
  readonly area: Rectangle;
  readonly gap: number;
  readonly aspect: AspectRange;
  readonly mostColumns?: number;
  readonly mostRows?: number;
  /** Whether the tiles of a last row that is not full grow to fill it. */
  readonly expandsLastRow?: boolean;
}

export interface GridShape {
  readonly columns: number;
  readonly rows: number;
  /** One for each tile, row by row. */
  readonly tiles: readonly Rectangle[];
}

/**
 * Arranges equal tiles in the columns x rows that make them largest, in the middle of the area. A last row
 * with fewer tiles is centred. Where two shapes are as good, the one with fewer empty places wins.
 */
export function gridShape(request: GridRequest): GridShape {
  const { count, area } = request;
  if (count === 0) return { columns: 0, rows: 0, tiles: [] };
  const { columns, rows, width, height, gap } = bestShape(request);
  const top = area.top + Math.floor((area.height - rows * height - (rows - 1) * gap) / 2);
  const tiles = Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const fullWidth = columns * width + (columns - 1) * gap;
    const isExpanded = request.expandsLastRow === true && inRow < columns;
    const tileWidth = isExpanded ? Math.floor((fullWidth - (inRow - 1) * gap) / inRow) : width;
    const rowWidth = inRow * tileWidth + (inRow - 1) * gap;
    const left = area.left + Math.floor((area.width - rowWidth) / 2);
    return {
      left: left + (index - row * columns) * (tileWidth + gap),
      top: top + row * (height + gap),
      width: tileWidth,
      height,
    };
  });
  return { columns, rows, tiles };
}

function bestShape(request: GridRequest) {
  const shapes = Array.from({ length: request.count }, (_, index) => shapeWith(index + 1, request));
  const allowed = shapes.filter(({ columns, rows }) => isAllowed(columns, rows, request));
  // If the limits are too small for so many tiles, they do not apply.
  const [first, ...others] = allowed.length > 0 ? allowed : shapes;
  return others.reduce((best, shape) => (isBetter(shape, best) ? shape : best), first as Shape);
}

type Shape = ReturnType<typeof shapeWith>;

/** Gaps take at most this share of a side. With many tiles in a small area, the gaps therefore become smaller. */
const MOST_GAP_SHARE = 0.4;

function shapeWith(columns: number, { count, area, aspect, gap: wantedGap }: GridRequest) {
  const rows = Math.ceil(count / columns);
  const mostGap = Math.min(area.width / Math.max(1, columns - 1), area.height / Math.max(1, rows - 1));
  const gap = Math.min(wantedGap, Math.floor(mostGap * MOST_GAP_SHARE));
  const cell = {
    width: Math.max(0, (area.width - (columns - 1) * gap) / columns),
    height: Math.max(0, (area.height - (rows - 1) * gap) / rows),
  };
  return {
    columns,
    rows,
    gap,
    empty: columns * rows - count,
    ...fitAspect(cell, aspect),
  };
}

function isAllowed(columns: number, rows: number, { mostColumns, mostRows }: GridRequest): boolean {
  return columns <= (mostColumns ?? Infinity) && rows <= (mostRows ?? Infinity);
}

function isBetter(shape: Shape, than: Shape): boolean {
  const [area, otherArea] = [shape.width * shape.height, than.width * than.height];
  return area > otherArea || (area === otherArea && shape.empty < than.empty);
}
