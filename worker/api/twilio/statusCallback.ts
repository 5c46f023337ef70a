import { createHmac } from 'node:crypto';
import type { RecordingEvent } from '../../../shared/events/recordingEvents.ts';
import type { Outgoing } from '../../deliveries/openHooks.ts';
import type { Api } from '../api.ts';
import type { RecordingRow, RowHook } from '../store/rows.ts';
import { mediaUrlOf, rfc2822, secondsOf, sidOf, TOO_SHORT } from './recordingResource.ts';

type Callback = Extract<RowHook, { kind: 'twilio' }>;

export const CALLBACK_EVENTS = ['in-progress', 'completed', 'absent', 'failed'] as const;

const STATUS_OF: Partial<Record<RecordingEvent['type'], (typeof CALLBACK_EVENTS)[number]>> = {
  'call.recording_started': 'in-progress',
  'call.recording_ready': 'completed',
  'call.recording_absent': 'absent',
  'call.recording_failed': 'failed',
};

/** What a RecordingStatusCallback is told of an event of a worker, as a form; null if nothing. */
export function callbackForm(
  api: Api,
  row: RecordingRow,
  hook: Callback,
  event: RecordingEvent,
): string | null {
  const status = STATUS_OF[event.type];
  if (status === undefined || !hook.events.includes(status)) return null;
  return new URLSearchParams({
    ...{ AccountSid: hook.account, CallSid: row.callId, RecordingSid: sidOf(row), RecordingStatus: status },
    ...(status === 'completed' && { RecordingUrl: mediaUrlOf(api, hook.account, row) }),
    ...{ RecordingDuration: secondsOf(row), RecordingChannels: '1' },
    RecordingStartTime: rfc2822(row.startedAt ?? event.created_at),
    ...{ RecordingSource: 'StartCallRecordingAPI', RecordingTrack: 'both' },
    ErrorCode: status === 'absent' ? String(TOO_SHORT) : '0',
  }).toString();
}

/** The request of a callback, signed with the secret of the account: its address, and what is in the form. */
export function callbackRequest({ url, method }: Callback, form: string, secret: string): Outgoing {
  const sign = (signed: string) => createHmac('sha1', secret).update(signed).digest('base64');
  if (method === 'GET') {
    const address = new URL(url);
    for (const [name, value] of new URLSearchParams(form)) address.searchParams.append(name, value);
    const headers = { 'x-twilio-signature': sign(address.href) };
    return { kind: 'http', url: address.href, method, headers, body: '' };
  }
  const fields = [...new URLSearchParams(form)].sort(([one], [other]) => (one < other ? -1 : 1));
  const headers = {
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    'x-twilio-signature': sign(url + fields.flat().join('')),
  };
  return { kind: 'http', url, method, headers, body: form };
}
