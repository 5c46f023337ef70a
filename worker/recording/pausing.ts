import type { PauseMode } from '../../shared/events/recordingEvents.ts';
import { monotonicMs } from '../machineClock.ts';

/** Whether a recording is to be paused. */
export interface Pausing {
  /** How it is to be paused; null where it is to be recorded. */
  now(): PauseMode | null;
  /** How it is to be paused now, or was the last time. */
  lastMode(): PauseMode;
  /** When that was last changed, on the monotonic clock of the machine. */
  changedAtMs(): number;
  /** Is aborted when that changes. */
  change(): AbortSignal;
}

/** `set` is told what is wanted from now on. */
export function createPausing(first: PauseMode | null): Pausing & { set(mode: PauseMode | null): void } {
  let now = first;
  let lastMode = first ?? 'skip';
  let changedAtMs = monotonicMs();
  let change = new AbortController();
  return {
    now: () => now,
    lastMode: () => lastMode,
    changedAtMs: () => changedAtMs,
    change: () => change.signal,
    set: (mode) => {
      if ((mode === null) === (now === null)) return;
      now = mode;
      changedAtMs = monotonicMs();
      lastMode = mode ?? lastMode;
      const before = change;
      change = new AbortController();
      before.abort();
    },
  };
}
