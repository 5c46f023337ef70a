import type { LayoutName } from '../../shared/layout/layoutNames.ts';
import type { Arrangement, PlacedTile } from './arrangement.ts';
import { type Rectangle, seenFrom } from './rectangle.ts';
import { tileKey } from './tileKey.ts';

/** An element of the picture that holds others, or tiles. */
export interface Box {
  /** Tells the box from others in the same box, so that its element is kept. */
  readonly key: string;
  readonly classes: string;
  /** Where it is inside the box around it; null if it fills that box. */
  readonly place: Rectangle | null;
  readonly children: readonly (Box | TileSpot)[];
  /** The number of tiles, for boxes that tell it. */
  readonly groupSize?: number;
}

/** Where a tile is inside the box around it; null if it fills that box. */
export interface TileSpot {
  readonly tile: string;
  readonly place: Rectangle | null;
}

export interface StructureRequest {
  readonly layout: LayoutName;
  readonly arrangement: Arrangement;
  readonly expandsTiles: boolean;
}

/** What tests of the linked layout app call each layout. */
export const TEST_IDS: Readonly<Record<LayoutName, string>> = {
  grid: 'grid',
  spotlight: 'spotlight',
  sidebar: 'sidebar',
  single_participant: 'single-participant',
};

/** The boxes of a layout from the root of the picture inward, with the names, nesting and order of the linked layout app. */
export function structureOf(request: StructureRequest): Box {
  switch (request.layout) {
    case 'grid':
      return gridBoxes(request);
    case 'spotlight':
    case 'sidebar':
      return spotlightBoxes(request);
    case 'single_participant':
      return singleBoxes(request.arrangement);
  }
}

function gridBoxes({ arrangement, expandsTiles }: StructureRequest): Box {
  const { tiles } = arrangement;
  const group: Box = {
    ...frame(
      'group',
      `eca__board eca__room str-video__paginated-grid-layout__group${groupSizeClass(tiles.length)}`,
    ),
    groupSize: tiles.length,
    children: tiles.map((tile) => ({ tile: tileKey(tile), place: tile.rectangle })),
  };
  const layout = frame('grid layout', 'eca__frame str-video__paginated-grid-layout', group);
  const wrapper = frame('grid wrapper', 'eca__frame str-video__paginated-grid-layout__wrapper', layout);
  return frame(
    'root',
    `eca__frame paginated-grid${expandsTiles ? ' paginated-grid--expanded' : ''}`,
    wrapper,
  );
}

function groupSizeClass(count: number): string {
  if (count === 1) return ' str-video__paginated-grid-layout--one';
  if (count >= 2 && count <= 4) return ' str-video__paginated-grid-layout--two-four';
  return count >= 5 && count <= 9 ? ' str-video__paginated-grid-layout--five-nine' : '';
}

const SPEAKER = 'str-video__speaker-layout';

function spotlightBoxes({ arrangement, layout }: StructureRequest): Box {
  const { stage, bar, barEdge, tiles } = arrangement;
  const large = tiles.filter(({ role }) => role === 'stage');
  const small = tiles.filter(({ role }) => role === 'bar');
  const children: Box[] = [];
  if (stage)
    children.push({
      ...frame('stage', `eca__board eca__place ${SPEAKER}__spotlight`),
      place: stage.outer,
      children: large.map((tile) => ({ tile: tileKey(tile), place: seenFrom(stage.inner, tile.rectangle) })),
    });
  if (bar) {
    const inside = small.map((tile) => barTile(tile, bar.inner));
    const board = { ...frame('bar', `eca__board ${SPEAKER}__participants-bar`), children: inside };
    const wrapper = frame('bar wrapper', `eca__frame ${SPEAKER}__participants-bar-wrapper`, board);
    const outermost = `eca__frame eca__place ${SPEAKER}__participants-bar-buttons-wrapper`;
    children.push({ ...frame('bar buttons wrapper', outermost, wrapper), place: bar.outer });
  }
  const speaker = {
    ...frame('speaker', `eca__board eca__room ${SPEAKER}${variantClass(barEdge)}`),
    children,
  };
  return frame(
    'root',
    // A sidebar is a spotlight too, so that themes for a spotlight dress it.
    `eca__frame spotlight${layout === 'sidebar' ? ' sidebar' : ''}`,
    frame('speaker wrapper', `eca__frame ${SPEAKER}__wrapper`, speaker),
  );
}

function variantClass(barEdge: Arrangement['barEdge']): string {
  return barEdge === null ? '' : ` ${SPEAKER}--variant-${barEdge}`;
}

function barTile(tile: PlacedTile, inner: Rectangle): Box {
  return {
    key: tileKey(tile),
    classes: `eca__board eca__place ${SPEAKER}__participant-tile`,
    place: seenFrom(inner, tile.rectangle),
    children: [{ tile: tileKey(tile), place: null }],
  };
}

function singleBoxes({ tiles }: Arrangement): Box {
  const name = 'eca__dominant-speaker';
  const isScreenShown = tiles.some(({ kind }) => kind === 'screen');
  return {
    ...frame('root', `eca__board eca__room ${isScreenShown ? `${name}-screen-share` : name}__container`),
    children: tiles.map((tile) =>
      tile.role === 'presenter'
        ? {
            key: 'presenter',
            classes: `eca__board eca__presenter ${name}-screen-share__current-speaker`,
            place: tile.rectangle,
            children: [{ tile: tileKey(tile), place: null }],
          }
        : { tile: tileKey(tile), place: tile.rectangle },
    ),
  };
}

function frame(key: string, classes: string, ...children: Box[]): Box {
  return { key, classes, place: null, children };
}
