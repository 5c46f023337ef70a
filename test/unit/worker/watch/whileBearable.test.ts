import { expect, test } from 'vitest';
import { createRate } from '../../../../worker/watch/createRate.ts';
import type { Snapshot } from '../../../../worker/watch/snapshot.ts';
import { whileBearable } from '../../../../worker/watch/whileBearable.ts';

const using = (memoryMiB: number) =>
  ({
    usage: { memoryMiB, cores: 0, diskMiB: 0, sentMiBPerS: 0 },
    usageLimits: { memoryMiB: 1_000, diskMiB: 1_000, cores: 8 },
  }) as Snapshot;

test('a page that loads for ever and grows meanwhile is given up', async () => {
  let memoryMiB = 500;
  const look = () => {
    memoryMiB += 300;
    return using(memoryMiB);
  };
  await expect(whileBearable(new Promise(() => {}), look)).rejects.toMatchObject({ code: 'page_too_heavy' });
});

test('a page that loads is what the work says that it is', async () => {
  expect(await whileBearable(Promise.resolve('loaded'), () => using(500))).toBe('loaded');
  await expect(whileBearable(Promise.reject(new Error('refused')), () => using(500))).rejects.toThrow(
    'refused',
  );
});

test('a rate is that of the last five seconds', () => {
  let nowMs = 0;
  const rateOf = createRate(() => nowMs);
  expect(rateOf(1_000)).toBe(0);
  nowMs = 1_000;
  expect(rateOf(6_000)).toBe(1_000); // 5,000 in five seconds, of which one has passed
  nowMs = 6_000;
  expect(rateOf(6_000)).toBe(0);
  nowMs = 60_000;
  expect(rateOf(6_000)).toBe(0);
});
