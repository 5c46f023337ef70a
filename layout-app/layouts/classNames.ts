import type { LayoutName } from '../../shared/layout/layoutNames.ts';
import type { TileRole } from './arrangement.ts';

/** Class names of the four boxes around all tiles, from the root of the picture inward. They tell themes the layout. */
export type FrameClasses = readonly [string, string, string, string];

/** Class names of the boxes around one tile, from the outside inward. The last box has the size of the tile. */
export type PlaceClasses = readonly [string, string, string, string];

/** What tests of the linked layout app call each layout. */
export const TEST_IDS: Readonly<Record<LayoutName, string>> = {
  grid: 'grid',
  spotlight: 'spotlight',
  single_participant: 'single-participant',
};

interface FrameRequest {
  readonly layout: LayoutName;
  readonly tileCount: number;
  readonly isScreenShown: boolean;
  readonly expandsTiles: boolean;
  readonly barPosition: string;
}

/**
 * Names and nesting are those of the linked layout app, so that themes written for it apply. Every layout has the
 * same number of boxes, because an element that moves in the DOM, or that gets other parents, blanks its video.
 */
export function frameClasses(request: FrameRequest): FrameClasses {
  const { layout, tileCount, isScreenShown, expandsTiles, barPosition } = request;
  switch (layout) {
    case 'grid':
      return [
        `paginated-grid${expandsTiles ? ' paginated-grid--expanded' : ''}`,
        'str-video__paginated-grid-layout__wrapper',
        'str-video__paginated-grid-layout',
        `str-video__paginated-grid-layout__group${groupSizeClass(tileCount)}`,
      ];
    case 'spotlight':
      return [
        'spotlight',
        'str-video__speaker-layout__wrapper',
        `str-video__speaker-layout str-video__speaker-layout--variant-${barPosition}`,
        '',
      ];
    case 'single_participant':
      return [
        isScreenShown ? 'eca__dominant-speaker-screen-share__container' : 'eca__dominant-speaker__container',
        '',
        '',
        '',
      ];
  }
}

function groupSizeClass(count: number): string {
  if (count === 1) return ' str-video__paginated-grid-layout--one';
  if (count >= 2 && count <= 4) return ' str-video__paginated-grid-layout--two-four';
  return count >= 5 && count <= 9 ? ' str-video__paginated-grid-layout--five-nine' : '';
}

export const PLACE_CLASSES: Readonly<Record<TileRole, PlaceClasses>> = {
  grid: ['', '', '', ''],
  single: ['', '', '', ''],
  presenter: ['', '', '', 'eca__presenter eca__dominant-speaker-screen-share__current-speaker'],
  stage: ['', '', '', 'str-video__speaker-layout__spotlight'],
  bar: [
    'str-video__speaker-layout__participants-bar-buttons-wrapper',
    'str-video__speaker-layout__participants-bar-wrapper',
    'str-video__speaker-layout__participants-bar',
    'str-video__speaker-layout__participant-tile',
  ],
};
