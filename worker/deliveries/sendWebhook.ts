import { Webhook } from 'standardwebhooks';
import type { GuardedAgents } from '../egress/guardedAgents.ts';
import type { Delivery } from './delivery.ts';
import type { OpenedWebhook } from './keptWebhook.ts';
import { sendRequest } from './sendRequest.ts';

/** Posts one event, signed at this moment where there is a secret. Throws as sendRequest does. */
export async function sendWebhook(
  { id, url, secret, body }: Pick<Delivery & OpenedWebhook, 'id' | 'url' | 'secret' | 'body'>,
  cancel: AbortSignal,
  agents: GuardedAgents | null = null,
): Promise<void> {
  await sendRequest(
    { url, method: 'POST', headers: standardHeaders(id, secret, body), body },
    cancel,
    agents,
  );
}

/** The headers of Standard Webhooks for a message that is sent now. Without a secret it is not signed. */
function standardHeaders(id: string, secret: string | null, body: string): Record<string, string> {
  const timestamp = new Date();
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(timestamp.getTime() / 1000)),
  };
  if (secret === null) return headers;
  return { ...headers, 'webhook-signature': new Webhook(secret).sign(id, timestamp, body) };
}
