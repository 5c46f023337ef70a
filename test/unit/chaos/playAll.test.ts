import { expect, test } from 'vitest';
import { oneOf } from '../../chaos/playAll.ts';
import { randomFrom } from '../../support/randomFrom.ts';

test('random numbers are the same for the same seed, and spread evenly', () => {
  const numbers = (seed: string) => Array.from({ length: 1000 }, randomFrom(seed));
  expect(numbers('7 signals 1')).toEqual(numbers('7 signals 1'));
  expect(numbers('7 signals 1')).not.toEqual(numbers('7 signals 2'));
  const mean = numbers('7 signals 1').reduce((sum, one) => sum + one, 0) / 1000;
  expect(mean).toBeGreaterThan(0.45);
  expect(mean).toBeLessThan(0.55);
});

test('each choice comes up', () => {
  const random = randomFrom('choices');
  const chosen = new Set(Array.from({ length: 100 }, () => oneOf(random, ['a', 'b', 'c'])));
  expect([...chosen].sort()).toEqual(['a', 'b', 'c']);
});
