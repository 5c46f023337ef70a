import pTimeout, { TimeoutError } from 'p-timeout';
import type { Logger } from '../log.ts';
import { messageOf } from '../recordingError.ts';
import { type AnyDelivery, originOf } from './delivery.ts';
import type { DeliveryStore, TakenDelivery } from './deliveryStore.ts';

/** Requests are small, but a target that does not answer must not use up all of them. */
const MOST_AT_ONCE = 64;
const MOST_AT_ONCE_TO_ONE = 8;
const LOOK_EVERY_MS = 1_000;
const STORE_LIMIT_MS = 10_000;
/** What is not given back when a worker leaves is free for others after a while. */
const CLOSE_LIMIT_MS = 2_000;
const SHORTEST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** Longer than a day, so that a target which was down for a day still gets everything. */
const GIVE_UP_AFTER_MS = 25 * 60 * 60_000;

export interface Sender {
  /** Something may be due: looks at once. */
  wake(): void;
  /** Takes nothing more, cancels the requests that run, and gives their deliveries back. */
  close(): Promise<void>;
}

/**
 * Sends what waits in the store, whichever worker put it there. A delivery that fails is tried again after 1 s, 2 s,
 * 4 s and so on up to 15 min. It is buried once it is 25 h old and its target has failed for 25 h.
 */
export function sendWaiting<D extends AnyDelivery>(
  store: DeliveryStore<D>,
  /** `failures` is how often the receiver has failed before. */
  send: (delivery: D, cancel: AbortSignal, failures: number) => Promise<void>,
  log: Logger,
  storeLimitMs = STORE_LIMIT_MS,
): Sender {
  const running = new Map<
    TakenDelivery<D>,
    { readonly cancel: AbortController; readonly done: Promise<void> }
  >();
  let isClosed = false;
  let wake = () => {};
  let isAway = false;
  let taking: Promise<TakenDelivery<D> | null> | null = null;
  const looking = look();

  async function look(): Promise<void> {
    while (!isClosed) {
      // Made before the look, so that what is put meanwhile is not missed.
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const taken = running.size < MOST_AT_ONCE ? await takeOne() : null;
      if (taken) start(taken);
      else await Promise.race([woken, later(LOOK_EVERY_MS)]);
    }
  }

  async function takeOne(): Promise<TakenDelivery<D> | null> {
    try {
      // One that takes too long is still awaited the next time: what it takes is this worker's for 30 s.
      taking ??= store.take(busyOrigins([...running.keys()]));
      const taken = await pTimeout(taking, { milliseconds: storeLimitMs });
      taking = null;
      isAway = false;
      return taken;
    } catch (error) {
      if (!(error instanceof TimeoutError)) taking = null;
      if (!isAway)
        log.warn({ reason: messageOf(error) }, 'deliveries cannot be read; the worker tries again');
      isAway = true;
      return null;
    }
  }

  function start(taken: TakenDelivery<D>): void {
    const cancel = new AbortController();
    const done = tryOne(taken, cancel.signal)
      .catch((error) =>
        log.warn({ reason: messageOf(error) }, 'what became of a delivery could not be noted'),
      )
      .finally(() => {
        running.delete(taken);
        wake();
      });
    running.set(taken, { cancel, done });
  }

  async function tryOne(taken: TakenDelivery<D>, cancel: AbortSignal): Promise<void> {
    if (isClosed) return store.giveBack(taken);
    try {
      await send(taken.delivery, cancel, taken.failures);
    } catch (error) {
      return isClosed ? store.giveBack(taken) : noteFailure(taken, messageOf(error));
    }
    await store.arrived(taken);
  }

  async function noteFailure(taken: TakenDelivery<D>, error: string): Promise<void> {
    const { recordingId, type, sinceUnixMs } = taken.delivery;
    const now = await store.nowUnixMs();
    const since = Math.max(sinceUnixMs, taken.failingSinceUnixMs ?? now);
    if (now - since >= GIVE_UP_AFTER_MS) {
      log.error(
        { recordingId, type, error },
        'an event could not be delivered for 25 h; it is a dead letter now',
      );
      return store.bury(taken, error);
    }
    const waitMs = waitAfter(taken.failures);
    if (taken.failures === 0) log.warn({ recordingId, type, error }, 'an event is delivered later');
    await store.failed(taken, error, waitMs);
  }

  return {
    wake: () => wake(),
    close: async () => {
      isClosed = true;
      wake();
      for (const { cancel } of running.values()) cancel.abort();
      const all = Promise.all([looking, ...[...running.values()].map(({ done }) => done)]);
      await pTimeout(all, { milliseconds: CLOSE_LIMIT_MS, fallback: () => [] });
    },
  };
}

/** How long to wait after a failure, when there were this many before it. */
function waitAfter(failures: number): number {
  return Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** failures);
}

function busyOrigins(running: readonly { readonly delivery: AnyDelivery }[]): string[] {
  const counts = new Map<string, number>();
  for (const { delivery } of running) {
    const origin = originOf(delivery);
    counts.set(origin, (counts.get(origin) ?? 0) + 1);
  }
  return [...counts].flatMap(([origin, count]) => (count >= MOST_AT_ONCE_TO_ONE ? origin : []));
}

/** The timer does not keep the process alive. */
function later(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}
