import type { Cost } from '../job/takenJob.ts';

/** How often what a recording uses is noted. */
const NOTE_EVERY_MS = 10_000;
/** What the worker itself needs for a recording, beside its browser (docs/bench/call-cost.md). */
const WORKER: Cost = { cores: 0.05, memoryMiB: 30 };
/** Calls become livelier, so a recording is booked with so much more than it uses. */
const SPARE = 1.15;

/**
 * Takes what the browser of a recording uses, ten times a second, and tells now and then what the recording costs: with the
 * worker's part, and with something to spare. `cores` is an average of the last minute, and 0 before that.
 */
export function noteUsage(
  nowMs: () => number,
  note: (cost: Cost) => void,
): (usage: { readonly cores: number; readonly memoryMiB: number }) => void {
  let notedAtMs = Number.NEGATIVE_INFINITY;
  return ({ cores, memoryMiB }) => {
    if (cores === 0 || nowMs() - notedAtMs < NOTE_EVERY_MS) return;
    notedAtMs = nowMs();
    note({ cores: (cores + WORKER.cores) * SPARE, memoryMiB: memoryMiB + WORKER.memoryMiB });
  };
}
