import { setTimeout as wait } from 'node:timers/promises';
import type { EndReason, ReadySignal } from '../../shared/events/recordingEvents.ts';
import { callEnded } from './callEnded.ts';
import { pageLeft } from './pageLeft.ts';
import { pageLost } from './pageLost.ts';
import { pageTooHeavy } from './pageTooHeavy.ts';
import { refuseEndInError } from './refuseEndInError.ts';
import type { Snapshot } from './snapshot.ts';
import { stopRequested } from './stopRequested.ts';
import { tabFailed } from './tabFailed.ts';

const TICK_MS = 20;
/** A page may show its error a moment after it said that the call is over: so many more answers are heard, or waited for. */
const ANSWERS_AFTER_END = 2;
const LONGEST_WAIT_AFTER_END_MS = 3_000;

export type Readiness =
  | { readonly signal: ReadySignal; readonly afterMs: number }
  | { readonly ended: EndReason };

/**
 * Waits for the first readiness signal of any contract; after `ready_timeout_s` recording starts without one.
 * A call that ends, or a stop, before that is no error, unless the page tells or shows an error. Throws what the tab
 * has failed with.
 */
export async function awaitReady(look: () => Snapshot): Promise<Readiness> {
  const startedAtMs = look().nowMs;
  let end: { readonly atMs: number; readonly answers: number } | null = null;
  for (;;) {
    const snapshot = look();
    const { nowMs, tab, limits } = snapshot;
    const afterMs = nowMs - startedAtMs;
    const ended =
      stopRequested(snapshot) ??
      tabFailed(snapshot) ??
      pageTooHeavy(snapshot) ??
      pageLeft(snapshot) ??
      pageLost(snapshot);
    if (ended !== null) return { ended };
    const over = callEnded(snapshot);
    if (over !== null) {
      end ??= { atMs: nowMs, answers: tab.answers };
      const isAnswered = tab.answers - end.answers >= ANSWERS_AFTER_END;
      if (tab.readySignal !== null) return { ended: over };
      if (isAnswered || nowMs - end.atMs >= LONGEST_WAIT_AFTER_END_MS) {
        refuseEndInError(snapshot);
        return { ended: over };
      }
    } else {
      if (tab.readySignal !== null) return { signal: tab.readySignal, afterMs };
      if (afterMs >= limits.readyTimeoutS * 1000) return { signal: 'fallback', afterMs };
    }
    await wait(TICK_MS);
  }
}
