import { expect, test } from 'vitest';
import { boardLines } from '../../../../layout-app/layouts/boardLines.ts';

test('draws a line where a rectangle begins or ends, also where rectangles overlap', () => {
  const screen = { left: 0, top: 0, width: 1280, height: 720 };
  const presenter = { left: 1030, top: 10, width: 240, height: 180 };
  expect(boardLines([screen, presenter])).toEqual({
    columns: '1030px 240px 10px',
    rows: '10px 180px 530px',
    areas: ['1 / 1 / 4 / 4', '2 / 2 / 3 / 3'],
  });
});

test('draws no line for nothing', () => {
  expect(boardLines([])).toEqual({ columns: '', rows: '', areas: [] });
});
