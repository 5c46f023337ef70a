import { expect, test } from 'vitest';
import { NOTHING_SHOWN, type PlacedTile, type TileRole } from '../../../../layout-app/layouts/arrangement.ts';
import { type Box, structureOf, type TileSpot } from '../../../../layout-app/layouts/structure.ts';
import type { LayoutName } from '../../../../shared/layout/layoutNames.ts';

const SOMEWHERE = { left: 0, top: 0, width: 100, height: 100 };
const BOX = { outer: SOMEWHERE, inner: SOMEWHERE };

function tile(participantId: string, role: TileRole, kind: 'camera' | 'screen' = 'camera'): PlacedTile {
  return { participantId, role, kind, rectangle: SOMEWHERE };
}

/** The boxes as text: class names without those of our own, and the tiles. */
function outline(layout: LayoutName, tiles: readonly PlacedTile[]): unknown {
  const hasStage = layout === 'spotlight' || layout === 'sidebar';
  const arrangement = {
    ...NOTHING_SHOWN,
    tiles,
    ...(hasStage ? { stage: BOX, bar: tiles.length > 1 ? BOX : null, barEdge: 'bottom' as const } : {}),
  };
  return outlineOf(structureOf({ layout, arrangement, expandsTiles: false }));
}

function outlineOf(box: Box | TileSpot): unknown {
  if ('tile' in box) return box.tile;
  const names = box.classes
    .split(' ')
    .filter((name) => !/^eca__(board|frame|place|room|presenter)$/.test(name));
  return { [names.join(' ')]: box.children.map(outlineOf) };
}

test('a grid has its tiles in one group, in the order of the picture', () => {
  expect(outline('grid', [tile('b', 'grid'), tile('a', 'grid')])).toEqual({
    'paginated-grid': [
      {
        'str-video__paginated-grid-layout__wrapper': [
          {
            'str-video__paginated-grid-layout': [
              {
                'str-video__paginated-grid-layout__group str-video__paginated-grid-layout--two-four': [
                  'b camera',
                  'a camera',
                ],
              },
            ],
          },
        ],
      },
    ],
  });
});

test('a spotlight has one stage and one bar, and a box for each tile of the bar', () => {
  const name = 'str-video__speaker-layout';
  expect(outline('spotlight', [tile('a', 'stage'), tile('c', 'bar'), tile('b', 'bar')])).toEqual({
    spotlight: [
      {
        [`${name}__wrapper`]: [
          {
            [`${name} ${name}--variant-bottom`]: [
              { [`${name}__spotlight`]: ['a camera'] },
              {
                [`${name}__participants-bar-buttons-wrapper`]: [
                  {
                    [`${name}__participants-bar-wrapper`]: [
                      {
                        [`${name}__participants-bar`]: [
                          { [`${name}__participant-tile`]: ['c camera'] },
                          { [`${name}__participant-tile`]: ['b camera'] },
                        ],
                      },
                    ],
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  });
});

test('a sidebar is a spotlight with one more name', () => {
  const tiles = [tile('a', 'stage'), tile('b', 'bar')];
  const [[name, inside] = []] = Object.entries(outline('sidebar', tiles) as object);
  expect(name).toBe('spotlight sidebar');
  expect({ spotlight: inside }).toEqual(outline('spotlight', tiles));
});

test('a single participant has their screen, and a box with their camera', () => {
  expect(outline('single_participant', [tile('a', 'single', 'screen'), tile('a', 'presenter')])).toEqual({
    'eca__dominant-speaker-screen-share__container': [
      'a screen',
      { 'eca__dominant-speaker-screen-share__current-speaker': ['a camera'] },
    ],
  });
});
