import { expect, it, test } from 'vitest';
import { type SpotlightRequest, spotlightShape } from '../../../../layout-app/layouts/spotlightShape.ts';
import { PLAIN_BOX } from '../../../../layout-app/layouts/themeBoxes.ts';

const WIDE = { least: 16 / 9, most: 16 / 9 };
const request: SpotlightRequest = {
  width: 1280,
  height: 720,
  barCount: 5,
  barEdge: 'bottom',
  barPercentage: 20,
  barRows: 1,
  margin: 10,
  between: 10,
  gap: 10,
  aspect: WIDE,
  stageAspect: WIDE,
  stageStyle: PLAIN_BOX,
  barStyle: PLAIN_BOX,
};

test.each([
  {
    barEdge: 'bottom' as const,
    bar: { left: 10, top: 566, width: 1260, height: 144 },
    stage: { left: 155, top: 10, width: 970, height: 546 },
  },
  {
    barEdge: 'top' as const,
    bar: { left: 10, top: 10, width: 1260, height: 144 },
    stage: { left: 155, top: 164, width: 970, height: 546 },
  },
  {
    barEdge: 'left' as const,
    bar: { left: 10, top: 10, width: 256, height: 700 },
    stage: { left: 276, top: 80, width: 994, height: 559 },
  },
  {
    barEdge: 'right' as const,
    bar: { left: 1014, top: 10, width: 256, height: 700 },
    stage: { left: 10, top: 80, width: 994, height: 559 },
  },
])('puts the bar at the $barEdge and the stage in the rest', ({ barEdge, bar, stage }) => {
  const shape = spotlightShape({ ...request, barEdge });
  expect([shape.bar?.outer, shape.stageTile]).toEqual([bar, stage]);
});

it('gives the whole picture to the stage where nobody is in the bar', () => {
  const shape = spotlightShape({ ...request, barCount: 0, margin: 0 });
  expect(shape).toMatchObject({
    stageTile: { left: 0, top: 0, width: 1280, height: 720 },
    bar: null,
    barTiles: [],
  });
});

it('lines up the tiles of the bar along its edge', () => {
  const along = (barEdge: SpotlightRequest['barEdge'], axis: 'left' | 'top') =>
    new Set(spotlightShape({ ...request, barEdge }).barTiles.map((tile) => tile[axis])).size;
  expect([along('bottom', 'left'), along('bottom', 'top')]).toEqual([5, 1]);
  expect([along('left', 'left'), along('left', 'top')]).toEqual([1, 5]);
});
