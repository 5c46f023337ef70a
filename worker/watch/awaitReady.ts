import { setTimeout as wait } from 'node:timers/promises';
import type { EndReason, ReadySignal } from '../../shared/events/recordingEvents.ts';
import { callEnded } from './callEnded.ts';
import { pageLeft } from './pageLeft.ts';
import type { Snapshot } from './snapshot.ts';
import { stopRequested } from './stopRequested.ts';
import { tabFailed } from './tabFailed.ts';

const TICK_MS = 20;

export type Readiness =
  | { readonly signal: ReadySignal; readonly afterMs: number }
  | { readonly ended: EndReason };

/**
 * Waits for the first readiness signal of any contract; after `ready_timeout_s` recording starts without one.
 * A call that ends, or a stop, before that is no error. Throws what the tab has failed with.
 */
export async function awaitReady(look: () => Snapshot): Promise<Readiness> {
  const startedAtMs = look().nowMs;
  for (;;) {
    const snapshot = look();
    const afterMs = snapshot.nowMs - startedAtMs;
    const ended = stopRequested(snapshot) ?? tabFailed(snapshot) ?? pageLeft(snapshot) ?? callEnded(snapshot);
    if (ended !== null) return { ended };
    if (snapshot.tab.readySignal !== null) return { signal: snapshot.tab.readySignal, afterMs };
    if (afterMs >= snapshot.limits.readyTimeoutS * 1000) return { signal: 'fallback', afterMs };
    await wait(TICK_MS);
  }
}
