import { expect, test } from 'vitest';
import { createLook } from '../../../../worker/watch/createLook.ts';
import { pageFrozen } from '../../../../worker/watch/pageFrozen.ts';
import type { Snapshot } from '../../../../worker/watch/snapshot.ts';
import type { TabObservations } from '../../../../worker/watch/tabObservations.ts';

test('time in which the worker was suspended counts neither for a frozen page nor for an empty call', () => {
  let nowMs = 1_000;
  const seen = { probeDueSinceMs: 900, emptySinceMs: 500, lastError: null } as TabObservations;
  const look = createLook(
    seen,
    () => nowMs,
    () => ({}) as Omit<Snapshot, 'nowMs' | 'tab'>,
  );
  look();
  nowMs += 20_000;
  expect(pageFrozen(look())).toBeNull();
  expect(nowMs - Number(seen.emptySinceMs)).toBe(500);
});

test('a page that does not answer while the worker runs is frozen', () => {
  let nowMs = 1_000;
  const seen = { probeDueSinceMs: 900, emptySinceMs: null, lastError: null } as TabObservations;
  const look = createLook(
    seen,
    () => nowMs,
    () => ({}) as Omit<Snapshot, 'nowMs' | 'tab'>,
  );
  for (; nowMs < 10_900; nowMs += 100) expect(pageFrozen(look())).toBeNull();
  expect(() => pageFrozen(look())).toThrow('has not painted');
});
