import type { Layout, LayoutView, PlacedTile } from './arrangement.ts';
import { lengthPx } from './lengthPx.ts';
import type { Rectangle } from './rectangle.ts';
import { type Edge, spotlightShape } from './spotlightShape.ts';
import { tileAspect } from './tileAspect.ts';

/** Screens are wide, also in a portrait picture, and whatever shape participants are to have. */
const SCREEN_ASPECT = { least: 4 / 3, most: 16 / 9 };

/** One person, or the screen they share, on a large stage; the others in a bar along an edge. */
export const spotlight: Layout = {
  // The one on stage comes on top of the bar.
  pageSize: (view) => barLimit(view) + 1,
  arrange(view) {
    const { options, people, picture, stage } = view;
    if (!stage) return { bar: null, tiles: [] };
    const kind = stage.hasScreenShare ? 'screen' : 'camera';
    // Who shares a screen is seen in the bar too.
    const others = people.filter(({ id }) => kind === 'screen' || id !== stage.id);
    const inBar = others.slice(0, barLimit(view));
    const shape = spotlightShape({
      ...picture,
      barCount: inBar.length,
      barEdge: options['layout.spotlight.participants_bar_position'] as Edge,
      barPercentage: Number(options['layout.size_percentage']),
      barRows: Number(options['grid.rows']),
      margin: lengthPx(options['grid.margin'], picture),
      gap: lengthPx(options['layout.grid.gap'], picture),
      aspect: tileAspect(view),
      stageAspect: kind === 'screen' ? SCREEN_ASPECT : tileAspect(view),
    });
    const onStage: PlacedTile = {
      participantId: stage.id,
      kind,
      role: 'stage',
      rectangle: shape.stage,
    };
    const barTiles = inBar.map(
      ({ id }, at): PlacedTile => ({
        participantId: id,
        kind: 'camera',
        role: 'bar',
        rectangle: shape.barTiles[at] as Rectangle,
      }),
    );
    return { bar: shape.bar, tiles: [onStage, ...barTiles] };
  },
};

/** `dynamic`: as many as `grid.rows` times `grid.columns` tiles. */
function barLimit({ options }: Pick<LayoutView, 'options'>): number {
  const limit = options['layout.spotlight.participants_bar_limit'];
  return typeof limit === 'number' ? limit : Number(options['grid.rows']) * Number(options['grid.columns']);
}
