import { setTimeout as wait } from 'node:timers/promises';
import type { Cost, Gate } from './takenJob.ts';

/** How often to check whether there is room. */
const LOOK_EVERY_MS = 100;
/** After this time the job is offered to the other workers, at its old place at the head of the queue. */
const OFFER_AGAIN_MS = 10_000;

/**
 * Waits until the machine has room for a job, and books it. Resolves to `given_back` if the worker is closed
 * or another worker should get the job, and to `stopped` if a stop was asked for meanwhile, because a stop
 * needs no room. Calls `onWaiting` if there is no room at once.
 */
export async function awaitRoom(
  given: { readonly id: string; readonly cost: Cost; readonly gate: Gate; readonly stop: AbortSignal },
  onWaiting: () => void,
): Promise<'admitted' | 'stopped' | 'given_back'> {
  const { id, cost, gate, stop } = given;
  const startedAtMs = performance.now();
  for (let looks = 0; ; looks++) {
    if (stop.aborted) return stop.reason === 'worker_shutdown' ? 'given_back' : 'stopped';
    if (gate.admit(id, cost)) return 'admitted';
    if (looks === 0) onWaiting();
    if (performance.now() - startedAtMs > OFFER_AGAIN_MS) return 'given_back';
    await wait(LOOK_EVERY_MS, undefined, { signal: stop }).catch(() => {});
  }
}
