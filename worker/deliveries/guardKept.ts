import pTimeout from 'p-timeout';
import type { Logger } from '../log.ts';
import { messageOf } from '../recordingError.ts';
import type { Delivery } from './delivery.ts';
import type { DeliveryStore } from './deliveryStore.ts';

const STORE_LIMIT_MS = 10_000;
/** So many deliveries are remembered after they were put into the store. */
const MOST_REMEMBERED = 1_000;

/** Remembers what a worker has put into the store until it has arrived. */
export interface Guard {
  note(delivery: Delivery): void;
  /** This worker has seen it arrive. */
  forget(delivery: Delivery): void;
  close(): void;
}

/**
 * A Redis that was emptied, or restarted with an older state, has lost deliveries that wait there. They are put in
 * again by the worker that had put them in, as long as it lives.
 */
export function guardKept(
  store: DeliveryStore,
  putAgain: (delivery: Delivery) => void,
  log: Logger,
  everyMs: number,
): Guard {
  const remembered = new Map<string, Delivery>();
  let isLooking = false;

  async function look(): Promise<void> {
    const all = [...remembered.values()];
    const fates = await pTimeout(store.fatesOf(all), { milliseconds: STORE_LIMIT_MS });
    const lost = all.filter((_, at) => fates[at] === 'lost');
    all.forEach(({ id }, at) => {
      if (fates[at] !== 'waiting') remembered.delete(id);
    });
    if (lost.length > 0)
      log.warn({ lost: lost.length }, 'Redis has lost events that waited; they are put in again');
    lost.forEach(putAgain);
  }

  const timer = setInterval(async () => {
    if (isLooking || remembered.size === 0) return;
    isLooking = true;
    await look().catch((error) =>
      log.warn({ reason: messageOf(error) }, 'events that wait cannot be checked'),
    );
    isLooking = false;
  }, everyMs).unref();

  return {
    note: (delivery) => {
      const [oldest] = remembered.keys();
      if (remembered.size >= MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
      remembered.set(delivery.id, delivery);
    },
    forget: ({ id }) => void remembered.delete(id),
    close: () => clearInterval(timer),
  };
}
