import type { ErrorCode } from '../../shared/events/errorCodes.ts';
import type { Snapshot } from './snapshot.ts';

/** A shorter time is no more than the one between two answers, or between two pictures of a still page. */
const SHORTEST_S = 1;

/**
 * Since which second of the recording the picture no longer showed the call, where it is found to have failed with
 * this code only now. Null if that is not known, or if it was just now.
 */
export function lostAtS(
  code: ErrorCode,
  snapshot: Pick<Snapshot, 'nowMs' | 'tab' | 'capture'>,
): number | null {
  const { begun, stats } = snapshot.capture;
  const forS = lostForS(code, snapshot);
  if (begun === null || forS < SHORTEST_S) return null;
  return Math.max(begun.fromS, stats.durationS - forS);
}

function lostForS(
  code: ErrorCode,
  { nowMs, tab, capture }: Pick<Snapshot, 'nowMs' | 'tab' | 'capture'>,
): number {
  if (code === 'capture_failed') return capture.stats.silentForS;
  if (code === 'page_frozen') return tab.probeDueSinceMs === null ? 0 : (nowMs - tab.probeDueSinceMs) / 1000;
  return code === 'page_blank' ? tab.answersWithLoss : 0; // one answer a second
}
