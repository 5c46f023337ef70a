import { describe, expect, test, vi } from 'vitest';
import type { PageProbe } from '../../../../shared/page/pageProbe.ts';
import { createTries } from '../../../../worker/watch/createTries.ts';
import { endAfter } from '../../../../worker/watch/endAfter.ts';
import { mayRecover } from '../../../../worker/watch/mayRecover.ts';
import { endReasonOf } from '../../../../worker/watch/untilStopped.ts';

const probe = (hasShownAnything: boolean) => ({ probe: { hasShownAnything } as PageProbe });

test.each([
  ['browser_failed', true],
  ['capture_failed', true],
  ['page_crashed', true],
  ['page_frozen', true],
  ['page_blank', true],
  ['page_left', true],
  ['page_error', false],
  ['call_refused', false],
  ['storage_failed', false],
  ['internal', false],
] as const)('after %s a recording goes on: %s', (code, goesOn) => {
  expect(mayRecover(code, probe(true))).toBe(goesOn);
});

test('a page that never showed anything is not opened again', () => {
  expect(mayRecover('page_blank', probe(false))).toBe(false);
});

describe('a recording that fails again and again', () => {
  test('is tried three times within a minute, with a longer wait before each', () => {
    const tries = createTries();
    expect([0, 5_000, 10_000, 15_000].map((atMs) => tries.next(atMs, true))).toEqual([0, 1_000, 3_000, null]);
  });

  test('is tried again once a minute has passed since the first try', () => {
    const tries = createTries();
    for (const atMs of [0, 30_000, 40_000]) tries.next(atMs, true);
    expect(tries.next(59_999, true)).toBeNull();
    expect(tries.next(60_000, true)).toBe(3_000);
  });

  test('is given up after three tries without a picture, however long each of them took', () => {
    const tries = createTries();
    const next = (atS: number, hadPicture: boolean) => tries.next(atS * 1000, hadPicture);
    expect([next(0, true), next(35, false), next(70, false), next(105, false)]).toEqual([
      0,
      1_000,
      1_000,
      null,
    ]);
  });

  test('is tried anew after a picture came', () => {
    const tries = createTries();
    const next = (atS: number, hadPicture: boolean) => tries.next(atS * 1000, hadPicture);
    for (const atS of [0, 35, 70]) expect(next(atS, atS === 0)).not.toBeNull();
    expect(next(200, true)).toBe(0);
    expect(next(300, false)).toBe(0);
  });
});

describe('while a call is opened again', () => {
  test('a stop ends it with its own reason', () => {
    const stop = new AbortController();
    const ending = endAfter(stop.signal, Number.POSITIVE_INFINITY);
    stop.abort('worker_shutdown');
    expect(endReasonOf(ending.signal)).toBe('worker_shutdown');
  });

  test('the greatest length of the recording ends it', () => {
    vi.useFakeTimers();
    const ending = endAfter(new AbortController().signal, 5_000);
    vi.advanceTimersByTime(4_999);
    expect(ending.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(endReasonOf(ending.signal)).toBe('max_duration');
    vi.useRealTimers();
  });
});
