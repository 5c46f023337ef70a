import { expect, test } from 'vitest';
import { median, quantile, summarize } from '../../bench/statistics.ts';

test('the median is the middle value, whatever the order', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([])).toBeNull();
});

test('a quantile is one of the values, the last one at most', () => {
  const values = Array.from({ length: 100 }, (_, index) => index);
  expect(quantile(values, 0.95)).toBe(95);
  expect(quantile(values, 1)).toBe(99);
});

test('a summary leaves out what was not measured', () => {
  expect(summarize([3, null, 1, undefined, 2])).toEqual({ median: 2, min: 1, max: 3, count: 3 });
  expect(summarize([null])).toBeNull();
});
