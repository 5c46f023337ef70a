import { expect, test } from 'vitest';
import {
  type BoxStyle,
  type Distribution,
  distribute,
  PLAIN_BOX,
  placeBox,
} from '../../../../layout-app/layouts/themeBoxes.ts';

const PLACE = { left: 10, top: 20, width: 400, height: 200 };

test.each<[string, Partial<BoxStyle>, object, object]>([
  ['nothing', {}, PLACE, PLACE],
  [
    'a padding',
    { padding: { left: 10, top: 20, right: 30, bottom: 40 } },
    PLACE,
    { left: 20, top: 40, width: 360, height: 140 },
  ],
  [
    'a largest size',
    { maxWidth: 100, maxHeight: 50 },
    { left: 160, top: 95, width: 100, height: 50 },
    { left: 160, top: 95, width: 100, height: 50 },
  ],
  [
    'a shape',
    { aspect: 1 },
    { left: 110, top: 20, width: 200, height: 200 },
    { left: 110, top: 20, width: 200, height: 200 },
  ],
  ['a padding that leaves no room', { padding: { left: 200, top: 0, right: 200, bottom: 0 } }, PLACE, PLACE],
])('a theme that gives a box %s places it so', (_what, style, outer, inner) => {
  expect(placeBox(PLACE, { ...PLAIN_BOX, ...style })).toEqual({ outer, inner });
});

test.each<[Distribution, number, number]>([
  ['start', 0, 0],
  ['center', 30, 0],
  ['end', 60, 0],
  ['space-between', 0, 30],
  ['space-around', 10, 20],
  ['space-evenly', 15, 15],
])('%s puts the first of three with 60 pixels left %i pixels in, and %i more between two', (how, first, between) => {
  expect(distribute(60, 3, how)).toEqual({ first, between });
});
