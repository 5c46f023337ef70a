import { createHash } from 'node:crypto';
import type { RecordingEvent } from '../../../shared/events/recordingEvents.ts';
import type { Api } from '../api.ts';
import { egressWebhook } from '../livekit/egressWebhook.ts';
import { currentRecording } from '../recordings/currentRecording.ts';
import { tenantOf } from '../recordings/findCall.ts';
import type { RecordingRow, RowHook } from '../store/rows.ts';
import { written } from '../stream/family.ts';
import { callbackForm } from '../twilio/statusCallback.ts';
import { roomWebhook } from '../videosdk/roomWebhook.ts';
import { callEvents } from './callEvents.ts';
import { addressOf, type NamedHook, named, wants } from './eventHook.ts';
import type { HookDelivery } from './hookDelivery.ts';

const NS_OF_MS = 1_000_000;

/** The receivers of a tenant: those that were set over the API, or else those of the configuration. */
export async function hooksOf(api: Api, tenant: string): Promise<readonly NamedHook[]> {
  const row = await api.store.apps.get(tenant, APP);
  return row?.eventHooks ?? named(tenantOf(api, tenant).event_hooks, (at) => `configured-${at + 1}`);
}
export const APP = 'app';

/** The recording that an event of a worker is about, as it was then; null if no tenant has started it here. */
export async function recordingOf(
  api: Api,
  { recording_id: id }: RecordingEvent,
): Promise<RecordingRow | null> {
  const tenant = await api.store.recordings.ownerOf(id);
  if (tenant === null || !Object.hasOwn(api.config.tenants, tenant)) return null;
  const row = await api.store.recordings.get(tenant, id);
  return row && currentRecording(api, row);
}

/** What an event of a worker is told to the receivers of its tenant. The same event always makes the same deliveries. */
export async function deliveriesOf(
  api: Api,
  row: RecordingRow,
  event: RecordingEvent,
): Promise<HookDelivery[]> {
  // Links are made for the time of the event, so that they are the same when it is told again.
  const sinceUnixMs = Date.parse(event.created_at);
  const then = { ...api, nowUnixMs: () => sinceUnixMs };
  const told = callEvents(then, row, event);
  const hooks = await hooksOf(api, row.tenant);
  const ofTenant = told.flatMap((one, at) =>
    hooks
      .filter((hook) => wants(hook, one.type))
      .map((hook) => ({
        id: idOf([row.tenant, hook.id, row.id, at, event]),
        ...{ tenant: row.tenant, recordingId: row.id, type: one.type, hook: hook.id, url: addressOf(hook) },
        ...{ body: bodyFor(hook, one), sinceUnixMs },
      })),
  );
  const ofRow = (row.hooks ?? []).flatMap((to, at) =>
    messagesFor(then, row, to, event).map(({ type, body }) => ({
      id: idOf([row.tenant, to, row.id, at, event]),
      ...{ tenant: row.tenant, recordingId: row.id, type, hook: `${to.kind}-${at + 1}`, url: to.url, to },
      ...{ body, sinceUnixMs },
    })),
  );
  return [...ofTenant, ...ofRow];
}

/** What is told to a receiver that only this recording has. */
function messagesFor(
  api: Api,
  row: RecordingRow,
  to: RowHook,
  event: RecordingEvent,
): { type: string; body: string }[] {
  const body = messageFor(api, row, to, event);
  return body === null ? [] : [{ type: event.type, body }];
}

function messageFor(api: Api, row: RecordingRow, to: RowHook, event: RecordingEvent): string | null {
  if (to.kind === 'twilio') return callbackForm(api, row, to, event);
  return to.kind === 'videosdk' ? roomWebhook(api, row, event) : egressWebhook(api, row, event);
}

function bodyFor({ webhook_times: times }: NamedHook, event: Record<string, unknown>): string {
  const write = (time: Date) => (times === 'ns' ? time.getTime() * NS_OF_MS : time.toISOString());
  return JSON.stringify(written(event, write));
}

function idOf(of: unknown[]): string {
  return `evt_${createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, 32)}`;
}
