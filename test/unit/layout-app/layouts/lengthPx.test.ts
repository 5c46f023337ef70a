import { expect, test } from 'vitest';
import { lengthPx } from '../../../../layout-app/layouts/lengthPx.ts';

const PICTURE = { width: 1000, height: 500 };

test.each([
  ['10px', 10],
  ['1.5rem', 24],
  ['2%', 20],
  ['1vh', 5],
  ['1dvw', 10],
  ['10vmin', 50],
  ['10vmax', 100],
  ['12pt', 16],
  ['-3px', -3],
  ['0', 0],
  ['auto', 0],
  ['calc(1rem + 2%)', 36],
  ['calc((10vh - 10px) * 2)', 80],
  ['min(10px, 2vw)', 10],
  ['max(10px, calc(1vw + 1px))', 11],
  ['clamp(1rem, 10vw, 40px)', 40],
  ['nonsense', 0],
])('%s of a picture of 1000 x 500 pixels is %i px', (length, expected) => {
  expect(lengthPx(length, PICTURE)).toBe(expected);
});

test('a percentage may be of something else than the width', () => {
  expect(lengthPx('calc(10% + 1px)', PICTURE, PICTURE.height)).toBe(51);
});
