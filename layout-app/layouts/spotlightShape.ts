import { gridShape } from './gridShape.ts';
import { type AspectRange, fitAspect, inset, type Rectangle } from './rectangle.ts';

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
  readonly margin: number;
  readonly gap: number;
  /** Shapes the tiles of the bar may have. */
  readonly aspect: AspectRange;
  /** Shapes the stage may have. */
  readonly stageAspect: AspectRange;
}

export interface SpotlightShape {
  readonly stage: Rectangle;
  readonly bar: Rectangle | null;
  readonly barTiles: readonly Rectangle[];
}

/** Divides the picture between one large stage and a bar of small tiles along an edge. */
export function spotlightShape(request: SpotlightRequest): SpotlightShape {
  const { width, height, margin, barCount, barEdge, barPercentage, stageAspect } = request;
  const picture = inset({ left: 0, top: 0, width, height }, margin);
  if (barCount === 0) return { stage: centred(picture, stageAspect), bar: null, barTiles: [] };
  const isUpright = barEdge === 'left' || barEdge === 'right';
  const thickness = Math.round(((isUpright ? width : height) * barPercentage) / 100);
  const [bar, rest] = split(picture, barEdge, thickness, margin);
  const lines = { [isUpright ? 'mostColumns' : 'mostRows']: request.barRows };
  const { tiles } = gridShape({
    count: barCount,
    area: bar,
    gap: request.gap,
    aspect: request.aspect,
    ...lines,
  });
  return { stage: centred(rest, stageAspect), bar, barTiles: tiles };
}

/** Cuts a bar of the given thickness off an edge; returns the bar, and the rest of the picture behind a margin. */
function split(area: Rectangle, edge: Edge, thickness: number, margin: number): [Rectangle, Rectangle] {
  const { left, top, width, height } = area;
  const beyond = thickness + margin;
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

function centred(area: Rectangle, aspect: AspectRange): Rectangle {
  const { width, height } = fitAspect(area, aspect);
  return {
    left: area.left + Math.floor((area.width - width) / 2),
    top: area.top + Math.floor((area.height - height) / 2),
    width,
    height,
  };
}
