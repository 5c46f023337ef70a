import { createHmac } from 'node:crypto';
import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';
import type { KeptWebhook } from './keptWebhook.ts';

/** These would come up to once a second, too often for a webhook. They are on the queue. */
const NOT_SENT: readonly RecordingEvent['type'][] = ['call.recording_progress', 'call.recording_phase'];

/** What is asked of everything that is on its way to a receiver. */
export interface AnyDelivery {
  /** The same in every try. */
  readonly id: string;
  readonly recordingId: string;
  readonly type: string;
  /** Where it goes. */
  readonly url: string;
  /** Which of several receivers at the same origin it is for; they do not wait for each other. */
  readonly hook?: string;
  /** When the event happened, or was asked for again. */
  readonly sinceUnixMs: number;
}

/** One event on its way to one webhook. */
export interface Delivery extends KeptWebhook {
  /** The `webhook-id`. It is the same in every try, so that a receiver can recognise a repeat. */
  readonly id: string;
  readonly recordingId: string;
  readonly type: RecordingEvent['type'];
  /** The event as JSON text, exactly as it is signed and sent. */
  readonly body: string;
  /** When the event happened, or was asked for again. */
  readonly sinceUnixMs: number;
}

/** Returns the delivery of an event, or null if the target does not get events of this type. */
export function deliveryOf(event: RecordingEvent, target: KeptWebhook): Delivery | null {
  if (NOT_SENT.includes(event.type)) return null;
  const body = JSON.stringify(event);
  return {
    id: `msg_${createHmac('sha256', event.recording_id).update(body).digest('hex').slice(0, 32)}`,
    recordingId: event.recording_id,
    type: event.type,
    url: target.url,
    secret: target.secret,
    sealed: target.sealed,
    body,
    sinceUnixMs: Date.parse(event.created_at),
  };
}

/** Where a delivery goes, without what may be secret in its address. */
export function originOf({ url }: Pick<AnyDelivery, 'url'>): string {
  return new URL(url).origin;
}
