import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { messageOf } from '../../recordingError.ts';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { checkIsServer, checkSeesTenant } from '../auth/permissions.ts';
import { route } from '../http/routes.ts';
import { Done } from '../stream/replies.ts';
import { APP, hooksOf } from './deliveriesOf.ts';
import { addressOf, EventHook, EventHooks, named, toldOf } from './eventHook.ts';
import { outgoingTo } from './outgoing.ts';

const tag = 'Events';
const Anything = z.record(z.string(), z.unknown());
const duration = z.string();

const AppBody = z.looseObject({ event_hooks: EventHooks.nullish() });
const AppReply = z.object({ app: z.looseObject({ event_hooks: z.array(Anything) }), duration });
const CheckReply = z.object({ status: z.enum(['ok', 'error']), error: z.string().optional(), duration });

/** What a client may leave out of a check stands for what the tenant has set. */
const CheckBody = z.looseObject(
  Object.fromEntries(
    [
      'sqs_queue_url',
      'sqs_region',
      'sqs_key',
      'sqs_secret',
      'sns_topic_arn',
      'sns_region',
      'sns_key',
      'sns_secret',
    ].map((name) => [name, z.string().max(500).nullish()]),
  ),
);

/** Who hears of the recordings of a tenant. Only servers may ask and say so, and no answer tells a secret. */
export const appRoutes = [
  route({
    ...{ method: 'get', path: '/app', summary: 'Get the receivers of events', tag, reply: AppReply },
    handle: async (api, { who }) => {
      checkSeesTenant(who);
      return appReply(api, who.tenant);
    },
  }),
  route({
    ...{ method: 'patch', path: '/app', summary: 'Set the receivers of events, all of them at once', tag },
    ...{ body: AppBody, reply: AppReply },
    handle: async (api, { who, body }) => {
      checkIsServer(who);
      const { event_hooks: hooks } = body;
      if (hooks) {
        for (const hook of hooks) await api.checkAddress(addressOf(hook));
        const eventHooks = named(hooks);
        const ids = new Set(eventHooks.map(({ id }) => id));
        if (ids.size < eventHooks.length)
          throw new ApiError('bad_input', 'event_hooks: two of them have the same id');
        await api.store.apps.update(who.tenant, APP, () => ({ eventHooks }));
      }
      return appReply(api, who.tenant);
    },
  }),
  ...(['sqs', 'sns'] as const).map((service) =>
    route({
      ...{
        method: 'post',
        path: `/check_${service}`,
        summary: `Send a message to ${service.toUpperCase()}`,
        tag,
      },
      ...{ body: CheckBody, reply: CheckReply },
      handle: async (api, { who, body }) => {
        checkIsServer(who);
        const set = (await hooksOf(api, who.tenant)).find(({ hook_type: type }) => type === service);
        const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value != null));
        const read = EventHook.safeParse({ ...set, ...given, hook_type: service });
        if (!read.success)
          throw new ApiError(
            'bad_input',
            read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
          );
        const [hook] = named([read.data]) as [ReturnType<typeof named>[number]];
        await api.checkAddress(addressOf(hook));
        const told = { type: 'health.check', created_at: new Date(api.nowUnixMs()).toISOString() };
        const message = { id: randomUUID(), tenant: who.tenant, body: JSON.stringify(told) };
        try {
          await api.deliveries.send(outgoingTo(api, hook, message, 0));
          return { status: 'ok' };
        } catch (error) {
          return { status: 'error', error: messageOf(error).slice(0, 300) };
        }
      },
    }),
  ),
];

const Delivery = z.object({
  ...{ id: z.string(), state: z.enum(['waiting', 'dead']), recording_id: z.string(), type: z.string() },
  ...{ hook: z.string(), target: z.string(), since: z.string(), failures: z.number() },
  ...{ error: z.string().nullable(), next_try: z.string().nullable() },
});

/** Events that are on their way, or could not be delivered. */
export const deliveryRoutes = [
  route({
    ...{
      method: 'get',
      path: '/deliveries',
      summary: 'List events that wait for their receiver, or are dead letters',
      tag,
    },
    ...{
      query: z.object({ state: z.enum(['waiting', 'dead']).optional() }),
      reply: z.object({ deliveries: z.array(Delivery), duration }),
    },
    handle: async (api, { who, query }) => {
      checkSeesTenant(who);
      const listed = await deliveriesOf(api, who.tenant);
      const shown = listed.filter(({ state }) => query.state === undefined || state === query.state);
      return { deliveries: shown.map(deliveryReply) };
    },
  }),
  route({
    ...{ method: 'post', path: '/deliveries/{id}/resend', summary: 'Send a dead letter again', tag },
    ...{ params: z.object({ id: z.string().regex(/^[\w-]{1,100}$/) }), reply: Done },
    handle: async (api, { who, params }) => {
      checkIsServer(who);
      if (!(await api.deliveries.resend(params.id, ({ tenant }) => tenant === who.tenant)))
        throw new ApiError('not_found', `there is no dead letter "${params.id}"`);
      return {};
    },
  }),
];

async function appReply(api: Api, tenant: string): Promise<Record<string, unknown>> {
  return { app: { event_hooks: (await hooksOf(api, tenant)).map(toldOf) } };
}

async function deliveriesOf(api: Api, tenant: string) {
  return api.deliveries.list((delivery) => delivery.tenant === tenant);
}

function deliveryReply({
  state,
  delivery,
  failures,
  error,
  nextTryUnixMs,
}: Awaited<ReturnType<typeof deliveriesOf>>[number]) {
  const { id, recordingId, type, hook, url, sinceUnixMs } = delivery;
  return {
    ...{ id, state, recording_id: recordingId, type, hook, target: new URL(url).origin },
    ...{ since: new Date(sinceUnixMs), failures, error },
    next_try: nextTryUnixMs === null ? null : new Date(nextTryUnixMs),
  };
}
