import { type Layout, type LayoutView, NOTHING_SHOWN, type PlacedTile } from './arrangement.ts';
import { lengthPx } from './lengthPx.ts';
import { marginAround } from './marginAround.ts';
import type { Rectangle } from './rectangle.ts';
import { type Edge, spotlightShape } from './spotlightShape.ts';
import { tileAspect } from './tileAspect.ts';

/** A shared screen is wide, even in a portrait picture and whatever `participant.aspect_ratio` says. */
const SCREEN_ASPECT = { least: 4 / 3, most: 16 / 9 };

/**
 * Shows one person, or the screen they share, on a large stage, and the others in a bar along an edge. It is the layout
 * sidebar too.
 */
export const spotlight: Layout = {
  hasStage: true,
  // The page holds the tiles of the bar, and the one on stage.
  pageSize: (view) => barLimit(view) + 1,
  arrange(view) {
    const { boxes, options, people, picture, stage } = view;
    const barEdge = barEdgeOf(view);
    if (!stage) return { ...NOTHING_SHOWN, barEdge };
    const kind = stage.hasScreenShare ? 'screen' : 'camera';
    // Whoever shares a screen also has a tile in the bar, with their camera.
    const others = people.filter(({ id }) => kind === 'screen' || id !== stage.id);
    const inBar = others.slice(0, barLimit(view));
    const margin = lengthPx(options['grid.margin'], picture);
    const isUpright = barEdge === 'left' || barEdge === 'right';
    const shape = spotlightShape({
      ...picture,
      barCount: inBar.length,
      barEdge,
      barPercentage: Number(options['layout.size_percentage']),
      barRows: Number(options['grid.rows']),
      margin: marginAround(view),
      between: (isUpright ? boxes.main.columnGap : boxes.main.rowGap) ?? margin,
      gap: lengthPx(options['layout.grid.gap'], picture),
      aspect: tileAspect(view, boxes.bar.tileAspect),
      stageAspect: kind === 'screen' ? SCREEN_ASPECT : tileAspect(view, boxes.stage.tileAspect),
      stageStyle: boxes.stage,
      barStyle: boxes.bar,
    });
    const onStage: PlacedTile = {
      participantId: stage.id,
      kind,
      role: 'stage',
      rectangle: shape.stageTile,
    };
    const barTiles = inBar.map(
      ({ id }, at): PlacedTile => ({
        participantId: id,
        kind: 'camera',
        role: 'bar',
        rectangle: shape.barTiles[at] as Rectangle,
      }),
    );
    return { stage: shape.stage, bar: shape.bar, barEdge, tiles: [onStage, ...barTiles] };
  },
};

/** The side of the bar. A column at the right would leave the stage too little of a portrait picture's width. */
function barEdgeOf({ options, picture }: LayoutView): Edge {
  const position = options['layout.spotlight.participants_bar_position'];
  if (position !== 'auto') return position as Edge;
  return picture.width >= picture.height ? 'right' : 'bottom';
}

/** The most tiles in the bar; `dynamic` means `grid.rows` times `grid.columns`. */
function barLimit({ options }: Pick<LayoutView, 'options'>): number {
  const limit = options['layout.spotlight.participants_bar_limit'];
  return typeof limit === 'number' ? limit : Number(options['grid.rows']) * Number(options['grid.columns']);
}
