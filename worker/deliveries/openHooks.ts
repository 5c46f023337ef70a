import type { GuardedAgents } from '../egress/guardedAgents.ts';
import type { Logger } from '../log.ts';
import type { AnyDelivery } from './delivery.ts';
import type { DeliveryStore, ListedDelivery } from './deliveryStore.ts';
import { type HookRequest, sendRequest } from './sendRequest.ts';
import { type AwsMessage, sendToAws } from './sendToAws.ts';
import { sendWaiting } from './sendWaiting.ts';
import { sendWebhook } from './sendWebhook.ts';

/** What is sent to a receiver, with everything that signs it. */
export type Outgoing =
  | ({ readonly kind: 'http' } & HookRequest)
  /** Signed as Standard Webhooks. */
  | {
      readonly kind: 'standard';
      readonly url: string;
      readonly id: string;
      readonly secret: string | null;
      readonly body: string;
    }
  | ({ readonly kind: 'aws' } & AwsMessage);

/** A queue of events on their way to receivers. It is in Redis, and any server sends what waits there. */
export interface Hooks<D extends AnyDelivery> {
  put(delivery: D): Promise<void>;
  list(isWanted: (delivery: D) => boolean): Promise<ListedDelivery<D>[]>;
  /** Puts a dead letter on its way again. False if there is none of this id that is wanted. */
  resend(id: string, isWanted: (delivery: D) => boolean): Promise<boolean>;
  /** Sends something once, now. Throws what the receiver says. */
  send(outgoing: Outgoing): Promise<void>;
  /** Takes nothing more from the queue, and gives back what is being sent. */
  close(): Promise<void>;
}

/**
 * Sends what waits in the store as sendWaiting does. `outgoing` makes of a delivery what is sent at that moment, or null
 * where its receiver is not there any more.
 */
export function openHooks<D extends AnyDelivery>(
  store: DeliveryStore<D>,
  outgoing: (delivery: D, failures: number) => Promise<Outgoing | null>,
  agents: GuardedAgents | null,
  log: Logger,
): Hooks<D> {
  const sender = sendWaiting<D>(
    store,
    async (delivery, cancel, failures) => {
      const sent = await outgoing(delivery, failures);
      if (sent) await sendNow(sent, cancel, agents);
    },
    log,
  );
  return {
    put: async (delivery) => {
      await store.put(delivery);
      sender.wake();
    },
    list: store.list,
    resend: async (id, isWanted) => {
      const isThere = await store.resend(id, isWanted);
      sender.wake();
      return isThere;
    },
    send: (sent) => sendNow(sent, new AbortController().signal, agents),
    close: sender.close,
  };
}

function sendNow(sent: Outgoing, cancel: AbortSignal, agents: GuardedAgents | null): Promise<void> {
  if (sent.kind === 'aws') return sendToAws(sent, cancel, agents);
  return sent.kind === 'http' ? sendRequest(sent, cancel, agents) : sendWebhook(sent, cancel, agents);
}
