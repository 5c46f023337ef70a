import { type AspectRange, fitAspect, type Rectangle } from './rectangle.ts';
import { type Distribution, distribute } from './themeBoxes.ts';

export interface GridRequest {
  readonly count: number;
  /** The area that the grid may use. */
  readonly area: Rectangle;
  readonly columnGap: number;
  readonly rowGap: number;
  readonly aspect: AspectRange;
  readonly leastColumns?: number;
  readonly mostColumns?: number;
  readonly mostRows?: number;
  /** How tiles share what is left of a row, and rows what is left of the height. In the middle unless given. */
  readonly justify?: Distribution;
  readonly align?: Distribution;
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
  const { count, area, justify = 'center', align = 'center' } = request;
  if (count === 0) return { columns: 0, rows: 0, tiles: [] };
  const { columns, rows, width, height, columnGap, rowGap } = bestShape(request);
  const down = distribute(area.height - rows * height - (rows - 1) * rowGap, rows, align);
  const tiles = Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const across = distribute(area.width - inRow * width - (inRow - 1) * columnGap, inRow, justify);
    return {
      left: area.left + across.first + (index - row * columns) * (width + columnGap + across.between),
      top: area.top + down.first + row * (height + rowGap + down.between),
      width,
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

function shapeWith(columns: number, request: GridRequest) {
  const { count, area, aspect } = request;
  const rows = Math.ceil(count / columns);
  const room = Math.min(area.width / Math.max(1, columns - 1), area.height / Math.max(1, rows - 1));
  const mostGap = Math.floor(room * MOST_GAP_SHARE);
  const columnGap = Math.min(request.columnGap, mostGap);
  const rowGap = Math.min(request.rowGap, mostGap);
  const cell = {
    width: Math.max(0, (area.width - (columns - 1) * columnGap) / columns),
    height: Math.max(0, (area.height - (rows - 1) * rowGap) / rows),
  };
  return {
    columns,
    rows,
    columnGap,
    rowGap,
    empty: columns * rows - count,
    ...fitAspect(cell, aspect),
  };
}

function isAllowed(columns: number, rows: number, request: GridRequest): boolean {
  const { count, leastColumns = 1, mostColumns = Infinity, mostRows = Infinity } = request;
  return columns >= Math.min(leastColumns, count) && columns <= mostColumns && rows <= mostRows;
}

function isBetter(shape: Shape, than: Shape): boolean {
  const [area, otherArea] = [shape.width * shape.height, than.width * than.height];
  return area > otherArea || (area === otherArea && shape.empty < than.empty);
}
