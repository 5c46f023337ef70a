import type { GridRequest } from './gridShape.ts';

/** How the linked layout app divides the picture if tiles expand. `widest` is in heights of the picture. */
const STEPS = [
  { most: 1, columns: 1, share: 1, widest: 1.25 },
  { most: 2, columns: 2, share: 0.5, widest: Infinity },
  { most: 4, columns: 2, share: 0.5, widest: 1.8 },
  { most: 9, columns: 3, share: 0.33, widest: 1.8 },
  { most: Infinity, columns: 4, share: 0.25, widest: 1.3 },
];

/** Space left and right of its grid, and what it takes off each tile's share of the width, in pixels. */
const PADDING_PX = 20;
const TAKEN_OFF_PX = 6;

/**
 * The grid of `layout.grid.expand_tiles`: wide tiles in the columns of the linked layout app, as large as its tiles. If the
 * job limits columns or rows, they are chosen as in any grid. `aspect` is the shape that the job or the theme gives tiles.
 */
export function expandedGrid(
  request: GridRequest,
  picture: { width: number; height: number },
  margin: number,
  aspect: number | null,
): GridRequest {
  const { count, columnGap, mostColumns = Infinity, mostRows = Infinity } = request;
  const step = STEPS.find(({ most }) => count <= most) as (typeof STEPS)[number];
  const room = Math.min(picture.width, Math.round(step.widest * picture.height)) - 2 * PADDING_PX;
  const tile = Math.min(
    room * step.share - TAKEN_OFF_PX,
    (room - (step.columns - 1) * columnGap) / step.columns,
  );
  const isLimited = mostColumns !== Infinity || mostRows !== Infinity;
  const width = Math.max(
    0,
    isLimited ? room : step.columns * Math.floor(tile) + (step.columns - 1) * columnGap,
  );
  const wide = aspect ?? 16 / 9;
  return {
    ...request,
    ...(isLimited ? {} : { leastColumns: step.columns, mostColumns: step.columns }),
    aspect: { least: wide, most: wide },
    area: {
      left: Math.floor((picture.width - width) / 2),
      top: margin,
      width,
      height: Math.max(0, picture.height - 2 * margin),
    },
  };
}
