import { setTimeout as wait } from 'node:timers/promises';
import type { HeldLease } from '../lease/holdLease.ts';
import { hasEnded } from '../lease/processIdentity.ts';
import type { JobsOfWorker } from './jobsOfWorker.ts';

const LOOK_EVERY_MS = 20;
/** If no worker makes ready for this long, none has room. */
const NOBODY_MS = 2_000;

/**
 * Announces that this worker leaves a recording, and resolves once another one is ready to go on with it. It resolves
 * as well where nobody makes ready, where the other worker has ended, and once the recording is over.
 */
export async function awaitSuccessor(
  { successors, here }: Pick<JobsOfWorker, 'successors' | 'here'>,
  given: { readonly id: string; readonly held: HeldLease; readonly isOver: () => boolean },
): Promise<void> {
  const { id, held, isOver } = given;
  if (isOver()) return;
  await held.change({ leaving: true });
  let seenAtMs = performance.now();
  while (!isOver() && performance.now() - seenAtMs < NOBODY_MS) {
    const successor = await successors.of(id);
    if (successor?.isReady || (successor && hasEnded(successor.process, here))) return;
    if (successor) seenAtMs = performance.now();
    await wait(LOOK_EVERY_MS);
  }
}
