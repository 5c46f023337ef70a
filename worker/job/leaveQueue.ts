import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../log.ts';
import { NOBODY_MS } from './awaitSuccessor.ts';
import type { HandOver, JobRun } from './startJob.ts';

/**
 * What happens to running recordings when a worker is told to leave. end: they end and are stored. finish: they are
 * recorded to their end, as far as the grace period goes. handover: another worker goes on with them, now or as soon as
 * one is there. auto: handover as soon as another worker has room, and end where no other worker runs, or none has room
 * before the grace period is over. A job of which nothing is recorded yet goes back to the queue in each case: there is
 * nothing to store, and another worker can still record the call.
 */
export type OnShutdown = 'auto' | 'end' | 'finish' | 'handover';

export interface Leaving {
  readonly how: OnShutdown;
  /** Everything is over after this time, whatever has been stored by then. Another worker goes on with the rest. */
  readonly graceMs: number;
}

/** Ending and handing over need some of the grace period themselves: a third of it, but no more than this. */
const LONGEST_LAST_PART_MS = 10_000;
/** So long before the end of the grace period, what is not stored is left as it is; before the last quarter at most. */
const ABANDON_MS = 1_000;
/** With less time than this, no other worker could open the call first: the recording is handed over at once. */
const SHORTEST_OVERLAP_MS = 4_000;
/** A worker that opens the call of a recording is waited for: for half of what is left of the grace period, at most this. */
const LONGEST_OVERLAP_MS = 30_000;

/** Ends all recordings, each in the way that was chosen. Resolves once they are stored, or the time is over. */
export async function leaveQueue(given: {
  readonly leaving: Leaving;
  readonly runs: () => readonly JobRun[];
  /** Whether another worker runs that may go on with recordings. */
  readonly isAnyoneThere: () => Promise<boolean>;
  readonly log: Logger;
}): Promise<void> {
  const { leaving, runs, isAnyoneThere, log } = given;
  const { how, graceMs } = leaving;
  const endsAtMs = performance.now() + graceMs;
  const untilStored = (limitMs: number) =>
    Promise.race([
      Promise.all(runs().map(({ stored }) => stored)).then(() => true),
      wait(limitMs, false, { ref: false }),
    ]);

  if (how === 'finish' && (await untilStored(graceMs - lastPartOf(graceMs)))) return;
  const isSomebodyThere = how !== 'end' && (await isAnyoneThere());
  const leftMs = endsAtMs - performance.now();
  const handOver = { ...handOverWithin(leftMs, how), isAnyoneThere };
  const reason = isSomebodyThere ? 'handed_over' : handOver.otherwise;
  for (const run of runs()) {
    if (run.hasManifest() && isSomebodyThere && leftMs >= SHORTEST_OVERLAP_MS) void run.handOver(handOver);
    else run.stop.abort(run.hasManifest() ? reason : 'handed_over');
  }
  if (await untilStored(leftMs - Math.min(ABANDON_MS, leftMs / 4))) return;
  const left = runs();
  log.warn(
    { open: left.length },
    'the grace period is over; another worker goes on with what is not stored yet',
  );
  await Promise.all(left.map((run) => run.abandon()));
}

/** Only a recording that may go on in a worker that starts later is left where nobody has room for it. */
function handOverWithin(leftMs: number, how: OnShutdown): Omit<HandOver, 'isAnyoneThere'> {
  const limitMs = leftMs - lastPartOf(leftMs);
  const isLeftToAnybody = how === 'handover';
  return {
    patience: {
      roomMs: isLeftToAnybody ? Math.min(NOBODY_MS, leftMs / 4) : limitMs,
      readyMs: Math.min(LONGEST_OVERLAP_MS, leftMs / 2),
      limitMs,
    },
    otherwise: isLeftToAnybody ? 'handed_over' : 'worker_shutdown',
  };
}

function lastPartOf(ms: number): number {
  return Math.min(LONGEST_LAST_PART_MS, ms / 3);
}
