import { createHmac } from 'node:crypto';
import type { Outgoing } from '../../deliveries/openHooks.ts';
import type { Api } from '../api.ts';
import { egressWebhookRequest } from '../livekit/egressWebhook.ts';
import { tenantOf } from '../recordings/findCall.ts';
import type { RowHook } from '../store/rows.ts';
import { callbackRequest } from '../twilio/statusCallback.ts';
import { roomWebhookRequest } from '../videosdk/roomWebhook.ts';
import { hooksOf } from './deliveriesOf.ts';
import type { NamedHook } from './eventHook.ts';
import type { HookDelivery } from './hookDelivery.ts';

/**
 * An event as it is sent now, signed with the secrets of this moment; null if its receiver is not there any more.
 * `failures` is how often the receiver has failed before.
 */
export async function outgoing(api: Api, delivery: HookDelivery, failures: number): Promise<Outgoing | null> {
  if (delivery.to) return outgoingToRow(api, delivery, delivery.to);
  const hook = (await hooksOf(api, delivery.tenant)).find(({ id }) => id === delivery.hook);
  if (!hook || hook.enabled === false) return null;
  return outgoingTo(api, hook, delivery, failures);
}

/** Null once the account of a callback is gone. */
async function outgoingToRow(
  api: Api,
  { tenant, body }: HookDelivery,
  to: RowHook,
): Promise<Outgoing | null> {
  if (to.kind === 'videosdk')
    return roomWebhookRequest(to.url, body, (await api.store.signingKey()).privateKey);
  const secret = tenantOf(api, tenant).api_keys[to.account];
  if (secret === undefined) return null;
  if (to.kind === 'livekit') return egressWebhookRequest(to, body, secret, api.nowUnixMs());
  return callbackRequest(to, body, secret);
}

/** What is sent to a receiver. SQS and SNS get base64, which every client of that API reads. */
export function outgoingTo(
  api: Api,
  hook: NamedHook,
  { id, tenant, body }: Pick<HookDelivery, 'id' | 'tenant' | 'body'>,
  failures: number,
): Outgoing {
  const message = Buffer.from(body).toString('base64');
  if (hook.hook_type === 'sqs')
    return {
      ...{ kind: 'aws', service: 'sqs', to: hook.sqs_queue_url as string, region: hook.sqs_region as string },
      ...{
        accessKeyId: hook.sqs_key as string,
        secretAccessKey: hook.sqs_secret as string,
        endpoint: new URL(hook.sqs_queue_url as string).origin,
        message,
      },
    };
  if (hook.hook_type === 'sns')
    return {
      ...{ kind: 'aws', service: 'sns', to: hook.sns_topic_arn as string, region: hook.sns_region as string },
      ...{ accessKeyId: hook.sns_key as string, secretAccessKey: hook.sns_secret as string },
      ...{ endpoint: hook.sns_endpoint_url ?? null, message },
    };
  const url = hook.webhook_url as string;
  if (hook.webhook_signature === 'standard')
    return { kind: 'standard', url, id, secret: hook.webhook_secret ?? null, body };
  return { kind: 'http', url, method: 'POST', headers: streamHeaders(api, tenant, id, body, failures), body };
}

/** Signed with the secret of the first API key of the tenant, which is named. */
function streamHeaders(api: Api, tenant: string, id: string, body: string, failures: number) {
  const [[apiKey, secret] = ['', '']] = Object.entries(tenantOf(api, tenant).api_keys);
  return {
    'content-type': 'application/json',
    'x-api-key': apiKey,
    'x-signature': createHmac('sha256', secret).update(body).digest('hex'),
    'x-webhook-id': id,
    'x-webhook-attempt': String(failures + 1),
  };
}
