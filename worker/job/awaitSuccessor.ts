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
}

/**
 * Announces that this worker leaves a recording, and waits until another one is ready to go on with it, or has made
 * ready for too long, or has ended meanwhile. Resolves to whether there was one with room for it. It resolves as well
 * once the recording is over.
 */
export async function awaitSuccessor(
  { successors, here }: Pick<JobsOfWorker, 'successors' | 'here'>,
  given: {
    readonly id: string;
    readonly held: HeldLease;
    readonly patience: Patience;
    readonly isOver: () => boolean;
    /** Told of each change of whether another worker makes ready. */
    readonly onSuccessor: (isThere: boolean) => void;
  },
): Promise<boolean> {
  const { id, held, patience, isOver, onSuccessor } = given;
  if (isOver()) return false;
  await held.change({ leaving: true });
  const begunAtMs = performance.now();
  let firstAtMs: number | null = null;
  let lastAtMs = begunAtMs;
  while (!isOver()) {
    const successor = await successors.of(id);
    onSuccessor(successor !== null);
    if (successor?.isReady || (successor && hasEnded(successor.process, here))) return true;
    const nowMs = performance.now();
    if (successor) {
      firstAtMs ??= nowMs;
      lastAtMs = nowMs;
    }
    if (firstAtMs === null && nowMs - begunAtMs >= patience.roomMs) return false;
    if (firstAtMs !== null && nowMs - firstAtMs >= patience.readyMs) return true;
    if (firstAtMs !== null && nowMs - lastAtMs >= NOBODY_MS) return true;
    await wait(LOOK_EVERY_MS);
  }
  return firstAtMs !== null;
}
