import { gridShape } from './gridShape.ts';
import { type AspectRange, inset, type PlacedBox, type Rectangle } from './rectangle.ts';
import { type BoxStyle, placeBox } from './themeBoxes.ts';

export type Edge = 'top' | 'bottom' | 'left' | 'right';

export interface SpotlightRequest {
  readonly width: number;
  readonly height: number;
  /** Number of tiles in the bar; with 0 the stage takes the whole picture. */
  readonly barCount: number;
  readonly barEdge: Edge;
  /** Share of the picture the bar takes up, in percent. */
  readonly barPercentage: number;
  /** Rows of tiles in the bar; if the bar is at the left or right, its columns. */
  readonly barRows: number;
  /** Space around both, in pixels. */
  readonly margin: number;
  /** Space between stage and bar, in pixels. */
  readonly between: number;
  /** Space between the tiles of the bar, in pixels. */
  readonly gap: number;
  /** Shapes the tiles of the bar may have. */
  readonly aspect: AspectRange;
  /** Shapes the large tile may have. */
  readonly stageAspect: AspectRange;
  /** What a theme says about the boxes around the large tile and around the others. */
  readonly stageStyle: BoxStyle;
  readonly barStyle: BoxStyle;
}

export interface SpotlightShape {
  readonly stage: PlacedBox;
  readonly stageTile: Rectangle;
  readonly bar: PlacedBox | null;
  readonly barTiles: readonly Rectangle[];
}

/** Divides the picture between one large stage and a bar of small tiles along an edge. */
export function spotlightShape(request: SpotlightRequest): SpotlightShape {
  const { width, height, margin, between, barCount, barEdge, barPercentage } = request;
  const picture = inset({ left: 0, top: 0, width, height }, margin);
  if (barCount === 0) return { ...stageIn(picture, request), bar: null, barTiles: [] };
  const isUpright = barEdge === 'left' || barEdge === 'right';
  const thickness = Math.round(((isUpright ? width : height) * barPercentage) / 100);
  const [place, rest] = split(picture, barEdge, thickness, between);
  const bar = placeBox(place, request.barStyle);
  const { tiles } = gridShape({
    count: barCount,
    area: bar.inner,
    columnGap: request.barStyle.columnGap ?? request.gap,
    rowGap: request.barStyle.rowGap ?? request.gap,
    aspect: request.aspect,
    justify: request.barStyle.justify,
    align: request.barStyle.align,
    [isUpright ? 'mostColumns' : 'mostRows']: request.barRows,
  });
  return { ...stageIn(rest, request), bar, barTiles: tiles };
}

/** The box of the large tile, and the tile in it. */
function stageIn(place: Rectangle, { stageStyle, stageAspect }: SpotlightRequest) {
  const stage = placeBox(place, stageStyle);
  const { justify, align } = stageStyle;
  const one = { count: 1, area: stage.inner, columnGap: 0, rowGap: 0, aspect: stageAspect, justify, align };
  return { stage, stageTile: gridShape(one).tiles[0] as Rectangle };
}

/** Cuts a bar of the given thickness off an edge; returns the bar, and the rest of the picture behind a space. */
function split(area: Rectangle, edge: Edge, thickness: number, between: number): [Rectangle, Rectangle] {
  const { left, top, width, height } = area;
  const beyond = thickness + between;
  switch (edge) {
    case 'top':
      return [
        { ...area, height: thickness },
        { ...area, top: top + beyond, height: Math.max(0, height - beyond) },
      ];
    case 'bottom':
      return [
        { ...area, top: top + height - thickness, height: thickness },
        { ...area, height: Math.max(0, height - beyond) },
      ];
    case 'left':
      return [
        { ...area, width: thickness },
        { ...area, left: left + beyond, width: Math.max(0, width - beyond) },
      ];
    case 'right':
      return [
        { ...area, left: left + width - thickness, width: thickness },
        { ...area, width: Math.max(0, width - beyond) },
      ];
  }
}
