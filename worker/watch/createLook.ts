import type { Snapshot } from './snapshot.ts';
import { leaveOut, type TabObservations } from './tabObservations.ts';

/** A recording is looked at ten times a second. After a pause this long, the machine or the worker was suspended. */
const SUSPENDED_MS = 3_000;

/**
 * Makes the function that gathers what the judges may look at. Time in which this process did not run counts for
 * no judge.
 */
export function createLook(
  observations: TabObservations,
  nowMs: () => number,
  more: () => Omit<Snapshot, 'nowMs' | 'tab'>,
): () => Snapshot {
  let lookedAtMs: number | null = null;
  return () => {
    const now = nowMs();
    const pausedMs = lookedAtMs === null ? 0 : now - lookedAtMs;
    lookedAtMs = now;
    if (pausedMs > SUSPENDED_MS) leaveOut(observations, pausedMs);
    return { nowMs: now, tab: observations, ...more() };
  };
}
