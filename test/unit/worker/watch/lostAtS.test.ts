import { describe, expect, test } from 'vitest';
import { initialState } from '../../../../worker/capture/captureState.ts';
import { lostAtS } from '../../../../worker/watch/lostAtS.ts';
import type { TabObservations } from '../../../../worker/watch/tabObservations.ts';

function seen({ silentForS = 0, tab = {} }: { silentForS?: number; tab?: Partial<TabObservations> }) {
  const state = initialState(1);
  const begun = { startsBlank: false, startMonotonicMs: 0, fromS: 20 };
  return {
    nowMs: 100_000,
    tab: { probeDueSinceMs: null, answersWithLoss: 0, ...tab } as TabObservations,
    capture: { ...state, begun, stats: { ...state.stats, durationS: 60, silentForS } },
  };
}

describe('the call was no longer in the picture', () => {
  test('since the last picture came', () => {
    expect(lostAtS('capture_failed', seen({ silentForS: 4 }))).toBe(56);
  });

  test('since the page was asked and did not answer', () => {
    expect(lostAtS('page_frozen', seen({ tab: { probeDueSinceMs: 89_500 } }))).toBe(49.5);
  });

  test('since the page lost its content', () => {
    expect(lostAtS('page_blank', seen({ tab: { answersWithLoss: 10 } }))).toBe(50);
  });

  test('at the earliest since the segment began', () => {
    expect(lostAtS('page_frozen', seen({ tab: { probeDueSinceMs: 30_000 } }))).toBe(20);
  });

  test('just now, if nothing says that it was earlier', () => {
    expect(lostAtS('page_crashed', seen({ tab: { probeDueSinceMs: 89_500 } }))).toBeNull();
    expect(lostAtS('capture_failed', seen({ silentForS: 0.2 }))).toBeNull();
  });
});
