import { setTimeout as wait } from 'node:timers/promises';
import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';
import type { GuardedAgents } from '../egress/guardedAgents.ts';
import type { Logger } from '../log.ts';
import { type Delivery, deliveryOf } from './delivery.ts';
import type { DeliveryStore } from './deliveryStore.ts';
import { guardKept } from './guardKept.ts';
import { type Webhook, type WebhookKeeper, webhookKeeper } from './keptWebhook.ts';
import { createOutbox } from './outbox.ts';
import { sendWaiting } from './sendWaiting.ts';
import { sendWebhook } from './sendWebhook.ts';

const LOOK_EVERY_MS = 100;

/** The deliveries of one worker: it puts its own events into the store, and sends whatever waits there. */
export interface Deliveries {
  /** Takes the events of one recording, and delivers them in order to its webhook. */
  listenerFor(target: Webhook | null): (event: RecordingEvent) => void;
  /** Resolves once the store has every event so far. It waits while the store is away. Never rejects. */
  kept(): Promise<void>;
  /** Resolves once nothing waits any more, or after `limitMs`, to the number of recordings that still wait. */
  arrived(limitMs: number): Promise<number>;
  /** Waits for no target: what has not arrived is delivered by another worker, or by this one when it is back. */
  close(): Promise<void>;
}

/** Keeps webhooks as they are, and knows no secret by its name. */
const IN_PLAIN = webhookKeeper(null, () => async (name) => {
  throw new Error(`there is no secret named "${name}"`);
});

interface DeliveryOptions {
  /** They connect to webhooks; null stands for Node's own. */
  readonly agents?: GuardedAgents | null;
  /** How often to look whether Redis has lost something. */
  readonly guardEveryMs?: number;
  readonly webhooks?: WebhookKeeper;
}

export function openDeliveries(
  store: DeliveryStore,
  log: Logger,
  { agents = null, guardEveryMs = 30_000, webhooks = IN_PLAIN }: DeliveryOptions = {},
): Deliveries {
  const guard = guardKept(store, (delivery) => outbox.put(delivery), log, guardEveryMs);
  const send = async (delivery: Delivery, cancel: AbortSignal) => {
    await sendWebhook({ ...delivery, ...(await webhooks.open(delivery)) }, cancel, agents);
    guard.forget(delivery);
  };
  const sender = sendWaiting(store, send, log);
  const onKept = (delivery: Delivery) => {
    guard.note(delivery);
    sender.wake();
  };
  const outbox = createOutbox({ keep: store.put, onKept, log });
  return {
    listenerFor: (target) => {
      const kept = target && webhooks.keep(target);
      return (event) => {
        const delivery = kept && deliveryOf(event, kept);
        if (delivery) outbox.put(delivery);
      };
    },
    kept: outbox.kept,
    arrived: async (limitMs) => {
      const giveUpAtMs = performance.now() + limitMs;
      await outbox.kept();
      for (;;) {
        const { waiting } = await store.counts();
        if (waiting === 0 || performance.now() > giveUpAtMs) return waiting;
        await wait(LOOK_EVERY_MS);
      }
    },
    close: async () => {
      guard.close();
      const lost = outbox.close();
      if (lost > 0) log.error({ lost }, 'the worker exits with events that Redis has not taken');
      await sender.close();
    },
  };
}
