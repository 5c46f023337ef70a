import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { HttpAddress } from '../../../shared/wire/address.ts';

/** What the world hears of recordings, as the API names it. */
export const EVENT_TYPES = [
  'call.recording_started',
  'call.recording_stopped',
  'call.recording_ready',
  'call.recording_failed',
  'call.transcription_ready',
  'call.transcription_failed',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Standard Webhooks wants 24 to 64 bytes. */
const SECRET = /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/;
const text = z.string().min(1).max(500);

/** A receiver of the events of a tenant: a webhook, a queue of SQS or a topic of SNS. Clients write null for what they leave out. */
export const EventHook = z
  .looseObject({
    id: z
      .string()
      .regex(/^[\w-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, "-" or "_"' })
      .nullish(),
    hook_type: z.enum(['webhook', 'sqs', 'sns']),
    enabled: z.boolean().nullish(),
    /** Empty or missing: all of them. Types of other events than those of recordings never come. */
    event_types: z.array(z.string().max(100)).max(200).nullish(),
    webhook_url: HttpAddress.nullish(),
    /** stream: X-SIGNATURE, with the secret of the API key. standard: Standard Webhooks, with `webhook_secret`. */
    webhook_signature: z.enum(['stream', 'standard']).nullish(),
    webhook_secret: z
      .string()
      .regex(SECRET, { error: 'must be "whsec_" and base64 of 24 bytes or more' })
      .nullish(),
    /** How times are written: some versions of `getstream` read nothing but nanoseconds. */
    webhook_times: z.enum(['rfc3339', 'ns']).nullish(),
    ...{ sqs_queue_url: HttpAddress.nullish(), sqs_region: text.nullish() },
    ...{ sqs_key: text.nullish(), sqs_secret: text.nullish() },
    ...{
      sns_topic_arn: text.nullish(),
      sns_region: text.nullish(),
      sns_key: text.nullish(),
      sns_secret: text.nullish(),
    },
    /** A server that speaks SNS instead of Amazon's. */
    sns_endpoint_url: HttpAddress.nullish(),
  })
  .superRefine((hook, context) => {
    const needed = NEEDED[hook.hook_type].filter((name) => !hook[name]);
    if (hook.webhook_signature === 'standard' && !hook.webhook_secret) needed.push('webhook_secret');
    for (const name of needed) context.addIssue({ code: 'custom', path: [name], message: 'is missing' });
  });

const NEEDED: Record<'webhook' | 'sqs' | 'sns', (keyof HookFields)[]> = {
  webhook: ['webhook_url'],
  sqs: ['sqs_queue_url', 'sqs_region', 'sqs_key', 'sqs_secret'],
  sns: ['sns_topic_arn', 'sns_region', 'sns_key', 'sns_secret'],
};
interface HookFields {
  webhook_url: unknown;
  webhook_secret: unknown;
  sqs_queue_url: unknown;
  sqs_region: unknown;
  sqs_key: unknown;
  sqs_secret: unknown;
  sns_topic_arn: unknown;
  sns_region: unknown;
  sns_key: unknown;
  sns_secret: unknown;
}
export const EventHooks = z.array(EventHook).max(20);
export type EventHook = z.output<typeof EventHook>;
export type NamedHook = EventHook & { readonly id: string };

/** Each hook needs a name that lasts, since events wait for it. */
export function named(
  hooks: readonly EventHook[],
  nameOf: (at: number) => string = () => randomUUID(),
): NamedHook[] {
  return hooks.map((hook, at) => ({ ...hook, id: hook.id ?? nameOf(at) }));
}

/** Whether a receiver wants events of this type. */
export function wants({ enabled, event_types: types }: EventHook, type: string): boolean {
  return enabled !== false && (!types?.length || types.includes(type));
}

/** What may be told of a hook: no secrets. */
export function toldOf(hook: NamedHook): Record<string, unknown> {
  const { webhook_secret: _, sqs_secret: __, sns_secret: ___, ...told } = hook;
  return { enabled: true, event_types: [], ...told };
}

/** The address of a receiver: of two, only what is at the same origin shares its connections. */
export function addressOf(hook: EventHook): string {
  if (hook.hook_type === 'webhook') return hook.webhook_url as string;
  if (hook.hook_type === 'sqs') return hook.sqs_queue_url as string;
  return hook.sns_endpoint_url ?? `https://sns.${hook.sns_region}.amazonaws.com`;
}
