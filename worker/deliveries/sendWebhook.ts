import { Webhook } from 'standardwebhooks';
import { messageOf } from '../recordingError.ts';
import { type Delivery, originOf } from './delivery.ts';
import type { OpenedWebhook } from './keptWebhook.ts';

const REQUEST_LIMIT_MS = 10_000;

/**
 * Posts one event, signed at this moment where there is a secret. Throws an Error if the receiver does not answer
 * with a status of 200 to 299 within 10 s. Redirects are not followed: they could lead anywhere. The message names
 * no more of the address than its origin.
 */
export async function sendWebhook(delivery: Delivery & OpenedWebhook, cancel: AbortSignal): Promise<void> {
  const limit = AbortSignal.timeout(REQUEST_LIMIT_MS);
  const response = await fetch(delivery.url, {
    method: 'POST',
    headers: signedHeaders(delivery),
    body: delivery.body,
    redirect: 'manual',
    signal: AbortSignal.any([limit, cancel]),
  }).catch((error) => {
    const reason = limit.aborted ? `it did not answer within ${REQUEST_LIMIT_MS} ms` : reasonOf(error);
    throw new Error(`${originOf(delivery)} could not be reached: ${reason}`, { cause: error });
  });
  // Nothing in the answer is of use, and a body that is not read keeps its connection.
  await response.body?.cancel().catch(() => {});
  if (response.ok) return;
  const redirect = response.status >= 300 && response.status < 400 ? ', and redirects are not followed' : '';
  throw new Error(`${originOf(delivery)} answered with HTTP status ${response.status}${redirect}`);
}

function signedHeaders({ id, secret, body }: Delivery & OpenedWebhook): Record<string, string> {
  const timestamp = new Date();
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(timestamp.getTime() / 1000)),
  };
  if (secret === null) return headers;
  return { ...headers, 'webhook-signature': new Webhook(secret).sign(id, timestamp, body) };
}

/** `fetch` only says that it failed; the reason is in the error's cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return messageOf(error);
  return cause.message || String((cause as NodeJS.ErrnoException).code);
}
