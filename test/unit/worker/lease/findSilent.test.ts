import { expect, test } from 'vitest';
import { createSilenceJudge } from '../../../../worker/lease/findSilent.ts';
import type { SeenLease } from '../../../../worker/lease/lease.ts';

const LIMITS = { silentMs: 10_000, longestPauseMs: 2_000 };

function seen(beat: number, pid = 1): SeenLease {
  const process = { bootId: 'b', pidNamespace: 'n', pid, processStart: '1' };
  const calm = { state: 'running', offered: false, leaving: false } as const;
  const lease = { owner: 'o', fence: 1, beat, ...calm, process };
  return { lease, text: JSON.stringify(lease) };
}

/** Looks each second from `fromS` to `untilS`, and returns the ids that were silent at the end. */
function lookOn(judge: ReturnType<typeof createSilenceJudge>, fromS: number, untilS: number, of: object) {
  let silent: string[] = [];
  for (let second = fromS; second <= untilS; second++)
    silent = judge({ leases: new Map(Object.entries(of)), active: [] }, second * 1000).map(({ id }) => id);
  return silent;
}

test('a lease is silent once its beat has stood still for ten seconds', () => {
  const judge = createSilenceJudge(LIMITS, () => false);
  expect(lookOn(judge, 0, 9, { a: seen(1) })).toEqual([]);
  expect(lookOn(judge, 10, 10, { a: seen(1) })).toEqual(['a']);
});

test('a beat begins the observation anew', () => {
  const judge = createSilenceJudge(LIMITS, () => false);
  lookOn(judge, 0, 9, { a: seen(1), b: seen(1) });
  expect(lookOn(judge, 10, 19, { a: seen(1), b: seen(2) })).toEqual(['a']);
  expect(lookOn(judge, 20, 20, { a: seen(1), b: seen(2) })).toEqual(['a', 'b']);
});

test('a pause of the watcher begins every observation anew, since the owners may have been kept away as well', () => {
  const judge = createSilenceJudge(LIMITS, () => false);
  lookOn(judge, 0, 9, { a: seen(1) });
  expect(lookOn(judge, 70, 79, { a: seen(1) })).toEqual([]);
  expect(lookOn(judge, 80, 80, { a: seen(1) })).toEqual(['a']);
});

test('a lease whose process is known to have ended is silent at once', () => {
  const judge = createSilenceJudge(LIMITS, ({ lease }) => lease.process.pid === 2);
  expect(lookOn(judge, 0, 0, { alive: seen(1, 1), ended: seen(1, 2) })).toEqual(['ended']);
});

test('a running job without any lease is silent after ten seconds', () => {
  const judge = createSilenceJudge(LIMITS, () => false);
  for (let second = 0; second < 10; second++)
    expect(judge({ leases: new Map(), active: ['a'] }, second * 1000)).toEqual([]);
  expect(judge({ leases: new Map(), active: ['a'] }, 10_000)).toEqual([
    { id: 'a', seen: null, forMs: 10_000 },
  ]);
});
