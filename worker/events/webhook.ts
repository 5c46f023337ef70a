import { createHmac } from 'node:crypto';
import pRetry from 'p-retry';
import { Webhook } from 'standardwebhooks';
import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';
import type { Logger } from '../log.ts';

const TRIES = 4;
const REQUEST_LIMIT_MS = 5_000;
/** These would come up to once a second, too often for a webhook. They are on the queue. */
const NOT_SENT: readonly RecordingEvent['type'][] = ['call.recording_progress', 'call.recording_phase'];

export interface WebhookTarget {
  readonly url: string;
  /** `whsec_…`, as Standard Webhooks defines it; null if messages are not signed. */
  readonly secret: string | null;
}

/**
 * Sends events to the job's webhook in order. If there is a secret, they are signed as Standard Webhooks
 * defines it.
 */
export interface WebhookSender {
  deliver(event: RecordingEvent): void;
  /** Resolves once every event was delivered or given up. Never rejects. */
  settled(): Promise<void>;
}

export function createWebhook(target: WebhookTarget | null, log: Logger): WebhookSender {
  let queue: Promise<void> = Promise.resolve();
  return {
    deliver: (event) => {
      if (target === null || NOT_SENT.includes(event.type)) return;
      queue = queue.then(() => deliverOne(event, target, log));
    },
    settled: () => queue,
  };
}

/** The id is the same in every try, so that a receiver can recognise a repeat. Never throws. */
async function deliverOne(event: RecordingEvent, target: WebhookTarget, log: Logger): Promise<void> {
  try {
    const body = JSON.stringify(event);
    const id = `msg_${createHmac('sha256', event.recording_id).update(body).digest('hex').slice(0, 32)}`;
    const headers = signedHeaders(target.secret, id, body);
    await pRetry(() => post(target.url, headers, body), { retries: TRIES - 1 });
  } catch (error) {
    log.warn({ err: error, type: event.type, url: target.url }, 'a webhook could not be delivered');
  }
}

function signedHeaders(secret: string | null, id: string, body: string): Record<string, string> {
  const timestamp = new Date();
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(timestamp.getTime() / 1000)),
  };
  if (secret === null) return headers;
  return { ...headers, 'webhook-signature': new Webhook(secret).sign(id, timestamp, body) };
}

async function post(url: string, headers: Record<string, string>, body: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body,
    signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
  });
  await response.body?.cancel(); // nothing in it is of use, and an unread body keeps its connection
  if (!response.ok) throw new Error(`${url} answered with HTTP status ${response.status}`);
}
