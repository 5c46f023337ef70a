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

/** The capture of a recording that is paused can fail, but it is not expected to deliver anything. */
const captureBroken: Judge = ({ capture: { failure } }) => {
  if (failure) throw failure;
  return null;
};

/** While a recording is paused: no picture comes, and the length of the recording is not the capture's to tell. */
const JUDGES_OF_PAUSE: readonly Judge[] = [
  stopRequested,
  callEnded,
  tabFailed,
  pageTooHeavy,
  captureBroken,
  pageLeft,
  pageLost,
  pageFrozen,
  callEmpty,
];

export interface WatchedCall {
  readonly look: () => Snapshot;
  readonly onTick: (snapshot: Snapshot) => void;
  readonly stop: AbortSignal;
  /** Is aborted when the recording is to be paused, or to go on after that. */
  readonly change: AbortSignal;
}

/**
 * Asks every judge ten times a second, and at once when a stop or a change is asked for, until one has a reason to end: the
 * first reason wins. Resolves to null where there is none, but a change. Throws RecordingError.
 */
export function watchCall(call: WatchedCall): Promise<EndReason | null> {
  return watchBy(JUDGES, call);
}

/** The same for a recording that is paused. `isFull` tells whether it has its greatest length all the same. */
export function watchPaused(call: WatchedCall, isFull: () => boolean): Promise<EndReason | null> {
  return watchBy([...JUDGES_OF_PAUSE, () => (isFull() ? 'max_duration' : null)], call);
}

async function watchBy(
  judges: readonly Judge[],
  { look, onTick, stop, change }: WatchedCall,
): Promise<EndReason | null> {
  const woken = AbortSignal.any([stop, change]);
  for (;;) {
    const snapshot = look();
    onTick(snapshot);
    for (const judge of judges) {
      const reason = judge(snapshot);
      if (reason !== null) return reason;
    }
    if (change.aborted) return null;
    await wait(TICK_MS, undefined, { signal: woken }).catch(() => {});
    // A worker that was busy first reads the answers that came meanwhile, and then asks whether one is overdue.
    await afterArrivals();
  }
}
