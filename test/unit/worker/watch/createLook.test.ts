import { expect, test } from 'vitest';
import { initialState } from '../../../../worker/capture/captureState.ts';
import { createLook } from '../../../../worker/watch/createLook.ts';
import { pageFrozen } from '../../../../worker/watch/pageFrozen.ts';
import type { Snapshot } from '../../../../worker/watch/snapshot.ts';
import type { TabObservations } from '../../../../worker/watch/tabObservations.ts';

const NOTHING_DUE = { probeDueSinceMs: null, emptySinceMs: null } as TabObservations;

/** A look at nothing but a capture. */
const capturing = (capture: () => Snapshot['capture']) => () => ({ capture: capture() }) as Snapshot;

test('time in which the worker was suspended counts neither for a frozen page nor for an empty call', () => {
  let nowMs = 1_000;
  const seen = { probeDueSinceMs: 900, emptySinceMs: 500, lastError: null } as TabObservations;
  const look = createLook(
    seen,
    () => nowMs,
    capturing(() => initialState(1)),
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
    capturing(() => initialState(1)),
  );
  for (; nowMs < 10_900; nowMs += 100) expect(pageFrozen(look())).toBeNull();
  expect(() => pageFrozen(look())).toThrow('has not painted');
});

test('how long the recorder page has told nothing leaves out when the worker was suspended', () => {
  let nowMs = 1_000;
  let capture = initialState(1);
  const look = createLook(
    NOTHING_DUE,
    () => nowMs,
    capturing(() => capture),
  );
  look();
  for (; nowMs < 3_000; nowMs += 100) look();
  expect(look().recorderUnheardForS).toBe(2);
  nowMs += 60_000;
  expect(look().recorderUnheardForS).toBe(2);
  nowMs += 1_000;
  capture = { ...capture, stats: { ...capture.stats } };
  expect(look().recorderUnheardForS).toBe(0);
});

test('a recording is as long as the clock says, from its first picture on, and with what was recorded before', () => {
  let nowMs = 1_000;
  let capture = initialState(1);
  const look = createLook(
    NOTHING_DUE,
    () => nowMs,
    capturing(() => capture),
  );
  expect(look().recordedForS).toBe(0);
  capture = { ...capture, begun: { startsBlank: false, startMonotonicMs: 0, fromS: 30 } };
  nowMs += 1_000;
  expect(look().recordedForS).toBe(30);
  nowMs += 2_000;
  expect(look().recordedForS).toBe(32);
});
