import { describe, expect, it, test } from 'vitest';
import { gridShape } from '../../../../layout-app/layouts/gridShape.ts';
import { aspectRangeFor } from '../../../../layout-app/layouts/rectangle.ts';

const LANDSCAPE = { left: 0, top: 0, width: 1280, height: 720 };
const PORTRAIT = { left: 0, top: 0, width: 720, height: 1280 };

function shapeOf(count: number, area = LANDSCAPE, more = {}) {
  return gridShape({ count, area, columnGap: 10, rowGap: 10, aspect: aspectRangeFor(area, null), ...more });
}

describe('the columns x rows that make tiles largest', () => {
  test.each([
    { count: 0, landscape: '0x0', portrait: '0x0' },
    { count: 1, landscape: '1x1', portrait: '1x1' },
    { count: 2, landscape: '2x1', portrait: '1x2' },
    { count: 3, landscape: '2x2', portrait: '1x3' },
    { count: 4, landscape: '2x2', portrait: '2x2' },
    { count: 5, landscape: '3x2', portrait: '2x3' },
    { count: 9, landscape: '3x3', portrait: '3x3' },
    { count: 20, landscape: '5x4', portrait: '4x5' },
    { count: 25, landscape: '5x5', portrait: '5x5' },
    { count: 60, landscape: '9x7', portrait: '6x10' },
  ])('$count: $landscape in landscape, $portrait in portrait', ({ count, landscape, portrait }) => {
    const [wide, tall] = [shapeOf(count), shapeOf(count, PORTRAIT)];
    expect([`${wide.columns}x${wide.rows}`, `${tall.columns}x${tall.rows}`]).toEqual([landscape, portrait]);
  });
});

it('fills the whole area with one tile of its shape', () => {
  expect(shapeOf(1).tiles).toEqual([{ left: 0, top: 0, width: 1280, height: 720 }]);
});

it('centres a last row with fewer tiles', () => {
  expect(shapeOf(3).tiles).toEqual([
    { left: 4, top: 0, width: 631, height: 355 },
    { left: 645, top: 0, width: 631, height: 355 },
    { left: 324, top: 365, width: 631, height: 355 },
  ]);
});

it('keeps to the most columns and rows allowed, unless they cannot hold everybody', () => {
  expect(shapeOf(6, LANDSCAPE, { mostColumns: 2 })).toMatchObject({ columns: 2, rows: 3 });
  expect(shapeOf(6, LANDSCAPE, { mostRows: 1 })).toMatchObject({ columns: 6, rows: 1 });
  expect(shapeOf(6, LANDSCAPE, { mostColumns: 2, mostRows: 2 })).toMatchObject({ columns: 3, rows: 2 });
});

it('keeps to a fixed aspect ratio', () => {
  const { tiles } = shapeOf(2, LANDSCAPE, { aspect: aspectRangeFor(LANDSCAPE, 1) });
  expect(tiles[0]).toEqual({ left: 0, top: 42, width: 635, height: 635 });
});

it('never lets tiles overlap or leave the area, for 1 to 100 people', () => {
  for (const area of [LANDSCAPE, PORTRAIT]) {
    for (let count = 1; count <= 100; count++) {
      const { tiles } = shapeOf(count, area);
      for (const [index, a] of tiles.entries()) {
        expect(a.left >= 0 && a.top >= 0).toBe(true);
        expect(a.left + a.width <= area.width && a.top + a.height <= area.height).toBe(true);
        const overlapping = tiles
          .slice(index + 1)
          .filter(
            (b) =>
              a.left < b.left + b.width &&
              b.left < a.left + a.width &&
              a.top < b.top + b.height &&
              b.top < a.top + a.height,
          );
        expect(overlapping).toEqual([]);
      }
    }
  }
});
