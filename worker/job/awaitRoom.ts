import { setTimeout as wait } from 'node:timers/promises';
import type { HeldLease } from '../lease/holdLease.ts';
import type { Cost, Gate } from './takenJob.ts';

/** How often to check whether there is room. */
const LOOK_EVERY_MS = 100;

/**
 * Waits until the machine has room for a job, and books it. Meanwhile the job is offered to every other worker, and the
 * first one that has room takes it. Resolves to `given_back` if the worker is closed, to `lost` if another worker has
 * the job, and to `stopped` if a stop was asked for, because a stop needs no room. Calls `onWaiting` if there is no room
 * at once.
 */
export async function awaitRoom(
  given: {
    readonly id: string;
    readonly cost: Cost;
    readonly gate: Gate;
    readonly held: HeldLease;
    readonly stop: AbortSignal;
  },
  onWaiting: () => void,
): Promise<'admitted' | 'stopped' | 'given_back' | 'lost'> {
  const { id, cost, gate, held, stop } = given;
  for (let looks = 0; ; looks++) {
    if (held.lost.aborted) return 'lost';
    const isStopped = stop.aborted && stop.reason === 'stopped';
    if (stop.aborted && !isStopped) return 'given_back';
    if (isStopped || gate.admit(id, cost)) {
      // Another worker may have taken it in this moment; the lease says who has it.
      if (looks > 0 && !(await held.change({ state: 'running', offered: false }))) return 'lost';
      return isStopped ? 'stopped' : 'admitted';
    }
    if (looks === 0) {
      onWaiting();
      await held.change({ state: 'waiting', offered: true });
    }
    await wait(LOOK_EVERY_MS, undefined, { signal: stop }).catch(() => {});
  }
}
