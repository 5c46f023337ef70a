import { setTimeout as wait } from 'node:timers/promises';
import pTimeout from 'p-timeout';
import type { Logger } from '../log.ts';
import { messageOf } from '../recordingError.ts';
import type { Delivery } from './delivery.ts';

/** A Redis that does not answer for this long is asked again. */
const KEEP_LIMIT_MS = 10_000;
const AFTER_ERROR_MS = 500;
/** So many deliveries wait in memory while Redis is away. */
const MOST_WAITING = 10_000;

/** Holds deliveries in memory, in order, until they are kept in Redis. */
export interface Outbox {
  put(delivery: Delivery): void;
  /** Resolves once everything that was put so far is kept. It waits while Redis is away. Never rejects. */
  kept(): Promise<void>;
  /** Stops trying. Returns how many deliveries are lost. */
  close(): number;
}

/** `keep` puts one delivery into Redis; it is called again until it succeeds. `onKept` is told of each. */
export function createOutbox(
  {
    keep,
    onKept,
    log,
  }: { keep: (delivery: Delivery) => Promise<void>; onKept: (delivery: Delivery) => void; log: Logger },
  mostWaiting = MOST_WAITING,
): Outbox {
  const waiting = new Set<Delivery>();
  let chain: Promise<void> = Promise.resolve();

  async function keepOne(delivery: Delivery): Promise<void> {
    for (let tries = 0; waiting.has(delivery); tries++) {
      try {
        await pTimeout(keep(delivery), { milliseconds: KEEP_LIMIT_MS });
        waiting.delete(delivery);
        onKept(delivery);
      } catch (error) {
        const { recordingId, type } = delivery;
        const facts = { recordingId, type, waiting: waiting.size, reason: messageOf(error) };
        if (tries === 0) log.warn(facts, 'events wait in memory, because Redis does not take them');
        await wait(AFTER_ERROR_MS);
      }
    }
  }

  /** The final event of a recording is the one that must arrive, so it is dropped last. */
  function dropOne(): void {
    const all = [...waiting];
    const dropped = all.find(({ type }) => !FINAL.has(type)) ?? all[0];
    if (dropped === undefined) return;
    waiting.delete(dropped);
    const { recordingId, type } = dropped;
    log.error(
      { recordingId, type, mostWaiting },
      'an event is lost: Redis is away and too many wait in memory',
    );
  }

  return {
    put: (delivery) => {
      if (waiting.size >= mostWaiting) dropOne();
      waiting.add(delivery);
      chain = chain.then(() => keepOne(delivery));
    },
    kept: () => chain,
    close: () => {
      const lost = waiting.size;
      waiting.clear();
      return lost;
    },
  };
}

const FINAL: ReadonlySet<string> = new Set([
  'call.recording_ready',
  'call.recording_failed',
  'call.recording_absent',
]);
