import { createHmac } from 'node:crypto';
import pRetry from 'p-retry';
import { Webhook } from 'standardwebhooks';
import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';
import type { Logger } from '../log.ts';

const TRIES = 4;
const REQUEST_LIMIT_MS = 5_000;
/** Once a second is too often for a webhook; progress is on the queue. */
const NOT_SENT: readonly RecordingEvent['type'][] = ['call.recording_progress', 'call.recording_phase'];

/** Sends events to the job's webhook, in order, signed as Standard Webhooks defines where there is a secret. */
export function createWebhook(target: { url: string; secret: string | null } | null, log: Logger) {
  let queue: Promise<void> = Promise.resolve();
  return {
    deliver: (event: RecordingEvent) => {
      if (target === null || NOT_SENT.includes(event.type)) return;
      queue = queue.then(() => deliverOne(event, target, log));
    },
    /** Resolves once every event was delivered or given up. */
    settled: () => queue,
  };
}

/** The id is the same in every try, so that a receiver can tell a repeat. */
async function deliverOne(
  event: RecordingEvent,
  target: { url: string; secret: string | null },
  log: Logger,
): Promise<void> {
  const body = JSON.stringify(event);
  const id = `msg_${createHmac('sha256', event.recording_id).update(body).digest('hex').slice(0, 32)}`;
  const timestamp = new Date();
  const signature: Record<string, string> =
    target.secret === null
      ? {}
      : {
          'webhook-signature': new Webhook(target.secret).sign(id, timestamp, body),
        };
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(timestamp.getTime() / 1000)),
    ...signature,
  };
  try {
    await pRetry(() => post(target.url, headers, body), { retries: TRIES - 1 });
  } catch (error) {
    log.warn({ err: error, type: event.type, url: target.url }, 'webhook not delivered');
  }
}

async function post(url: string, headers: Record<string, string>, body: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body,
    signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
  });
  if (!response.ok) throw new Error(`${url} answered with HTTP status ${response.status}`);
}
