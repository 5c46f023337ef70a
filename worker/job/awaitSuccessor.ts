import { setTimeout as wait } from 'node:timers/promises';
import type { HeldLease } from '../lease/holdLease.ts';
import { hasEnded } from '../lease/processIdentity.ts';
import type { JobsOfWorker } from './jobsOfWorker.ts';

const LOOK_EVERY_MS = 20;
/** A worker that has room makes ready within this time. One that has said nothing for as long has given it up. */
export const NOBODY_MS = 2_000;

/** How long a worker that leaves a recording waits for another one. */
export interface Patience {
  /** For one that has room and makes ready. */
  readonly roomMs: number;
  /** From then on, until it is ready. */
  readonly readyMs: number;
  /** In all. */
  readonly limitMs: number;
}

/** ready: another worker goes on at once. late: one had room, but is not ready. nobody: none had room. */
export type Successorship = 'ready' | 'late' | 'nobody';

/**
 * Announces that this worker leaves a recording, and waits until another one is ready to go on with it, or has made
 * ready for too long. One that was lost meanwhile counts as none. Resolves to `nobody` once the recording is over.
 */
export async function awaitSuccessor(
  { successors, here }: Pick<JobsOfWorker, 'successors' | 'here'>,
  given: {
    readonly id: string;
    readonly held: HeldLease;
    readonly patience: Patience;
    readonly isOver: () => boolean;
  },
): Promise<Successorship> {
  const { id, held, patience, isOver } = given;
  if (isOver()) return 'nobody';
  await held.change({ leaving: true });
  const endsAtMs = performance.now() + patience.limitMs;
  let sinceMs = performance.now();
  let firstAtMs: number | null = null;
  let lastAtMs = sinceMs;
  while (!isOver()) {
    const successor = await successors.of(id);
    const nowMs = performance.now();
    const isLate = nowMs >= endsAtMs;
    if (successor && hasEnded(successor.process, here)) {
      await successors.end(id, successor.owner); // another worker may take its place at once
      firstAtMs = null;
      sinceMs = nowMs;
    } else if (successor) {
      if (successor.isReady) return 'ready';
      firstAtMs ??= nowMs;
      lastAtMs = nowMs;
    }
    if (firstAtMs === null && (isLate || nowMs - sinceMs >= patience.roomMs)) return 'nobody';
    if (firstAtMs !== null && (isLate || nowMs - firstAtMs >= patience.readyMs)) return 'late';
    if (firstAtMs !== null && nowMs - lastAtMs >= NOBODY_MS) return 'late';
    await wait(LOOK_EVERY_MS);
  }
  return 'nobody';
}
