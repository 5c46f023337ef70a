import { createHash } from 'node:crypto';
import { SignJWT } from 'jose';
import type { RecordingEvent } from '../../../shared/events/recordingEvents.ts';
import type { Outgoing } from '../../deliveries/openHooks.ts';
import type { Api } from '../api.ts';
import type { RecordingRow, RecordState, RowHook } from '../store/rows.ts';
import { egressInfo } from './egressInfo.ts';

/** As LiveKit's own webhooks. */
const VALID_FOR_MS = 5 * 60_000;

/** What LiveKit calls an event of a worker, and the state that the recording is in by it. */
function told(event: RecordingEvent): readonly [name: string, state: RecordState] | null {
  switch (event.type) {
    case 'call.recording_phase':
      return event.phase === 'launching' ? ['egress_started', 'starting'] : null;
    case 'call.recording_started':
      return ['egress_updated', 'recording'];
    case 'call.recording_stopped':
      return ['egress_updated', 'stopping'];
    case 'call.recording_ready':
      return ['egress_ended', 'ready'];
    case 'call.recording_failed':
      return ['egress_ended', 'failed'];
    case 'call.recording_absent':
      return ['egress_ended', 'absent'];
    default:
      return null;
  }
}

/** What a webhook of an egress is told of an event of a worker, as JSON; null if nothing. */
export function egressWebhook(api: Api, row: RecordingRow, event: RecordingEvent): string | null {
  const what = told(event);
  if (what === null) return null;
  const [name, state] = what;
  const id = createHash('sha256').update(JSON.stringify(event)).digest('hex').slice(0, 12);
  const createdAt = String(Math.floor(Date.parse(event.created_at) / 1000));
  return JSON.stringify({
    event: name,
    id: `EV_${id}`,
    createdAt,
    egressInfo: egressInfo(api, { ...row, state }),
  });
}

/** The request of such a webhook: its token holds the hash of the body. */
export async function egressWebhookRequest(
  { url, account }: Extract<RowHook, { kind: 'livekit' }>,
  body: string,
  secret: string,
  nowUnixMs: number,
): Promise<Outgoing> {
  const sha256 = createHash('sha256').update(body).digest('base64');
  const token = await new SignJWT({ sha256 })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(account)
    .setNotBefore(new Date(nowUnixMs))
    .setExpirationTime(new Date(nowUnixMs + VALID_FOR_MS))
    .sign(new TextEncoder().encode(secret));
  const headers = { 'content-type': 'application/webhook+json', authorization: token };
  return { kind: 'http', url, method: 'POST', headers, body };
}
