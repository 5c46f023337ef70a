import { setImmediate as afterArrivals, setTimeout as wait } from 'node:timers/promises';
import type { EndReason } from '../../shared/events/recordingEvents.ts';
import { callEmpty } from './callEmpty.ts';
import { callEnded } from './callEnded.ts';
import { captureFailed } from './captureFailed.ts';
import { maxDuration } from './maxDuration.ts';
import { pageFrozen } from './pageFrozen.ts';
import { pageLeft } from './pageLeft.ts';
import { pageLost } from './pageLost.ts';
import { pageNeverShown } from './pageNeverShown.ts';
import { pageTooHeavy } from './pageTooHeavy.ts';
import type { Judge, Snapshot } from './snapshot.ts';
import { stopRequested } from './stopRequested.ts';
import { tabFailed } from './tabFailed.ts';

const TICK_MS = 100;

/** In this order, so that of two reasons at the same tick the one somebody chose wins. */
const JUDGES: readonly Judge[] = [
  stopRequested,
  callEnded,
  maxDuration,
  tabFailed,
  pageTooHeavy,
  captureFailed,
  pageLeft,
  pageLost,
  pageNeverShown,
  pageFrozen,
  callEmpty,
];

/**
 * Asks every judge ten times a second, and at once when a stop is asked for, until one has a reason to end: the
 * first reason wins. Throws RecordingError.
 */
export async function watchCall(
  look: () => Snapshot,
  onTick: (snapshot: Snapshot) => void,
  stop: AbortSignal,
): Promise<EndReason> {
  for (;;) {
    const snapshot = look();
    onTick(snapshot);
    for (const judge of JUDGES) {
      const reason = judge(snapshot);
      if (reason !== null) return reason;
    }
    await wait(TICK_MS, undefined, { signal: stop }).catch(() => {});
    // A worker that was busy first reads the answers that came meanwhile, and then asks whether one is overdue.
    await afterArrivals();
  }
}
