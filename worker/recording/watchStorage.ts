import type { Cleanup } from '../cleanup.ts';
import { monotonicMs } from '../machineClock.ts';
import type { Outputs } from '../outputs/createOutputs.ts';
import type { Journal } from './journal.ts';
import { createLastingWarnings, type LastingFinding } from './lastingWarnings.ts';

const LOOK_EVERY_MS = 1_000;
/** A shorter pause is no news: every request to a store is tried again. */
const WAITS_LONG_S = 30;

/**
 * Warns while an output has been waiting for its storage for more than 30 s, until the cleanup. The wait is
 * measured here and not by the wall clock. `atS` is where the recording is, in seconds.
 */
export function watchStorage(
  outputs: Pick<Outputs, 'all'>,
  journal: Pick<Journal, 'warn'>,
  atS: () => number,
  cleanup: Cleanup,
): void {
  const sinceMs = new Map<string, number>();
  const report = createLastingWarnings(journal);
  const timer = setInterval(() => report(waiting(outputs, sinceMs).slice(0, 1), atS()), LOOK_EVERY_MS);
  cleanup.defer('stop watching the storage', () => clearInterval(timer));
}

/** The outputs that have waited for too long, the longest wait first. Notes in `sinceMs` when each wait began. */
function waiting({ all }: Pick<Outputs, 'all'>, sinceMs: Map<string, number>): LastingFinding[] {
  const nowMs = monotonicMs();
  const findings = all.flatMap(({ request: { name }, sink }): LastingFinding[] => {
    const wait = sink?.waitingSince() ?? null;
    if (wait === null) {
      sinceMs.delete(name);
      return [];
    }
    const beganMs = sinceMs.get(name) ?? nowMs;
    sinceMs.set(name, beganMs);
    const what = `The output ${name} waited for its storage (${wait.reason})`;
    return [{ code: 'storage_waiting', what, forS: (nowMs - beganMs) / 1000 }];
  });
  return findings.filter(({ forS }) => forS >= WAITS_LONG_S).toSorted((a, b) => b.forS - a.forS);
}
