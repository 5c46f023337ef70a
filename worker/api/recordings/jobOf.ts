import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import type { CallOrigin } from '../config/callOrigin.ts';
import type { CompleteRecordingSettings } from '../config/callTypeSettings.ts';
import type { RecordingRow } from '../store/rows.ts';
import { originOf, tenantOf } from './findCall.ts';

/**
 * The job that records a call: its source is found in the configuration, unless one is given. Throws bad_input where
 * there is none.
 */
export async function jobOf(
  api: Api,
  row: RecordingRow,
  settings: CompleteRecordingSettings,
  storage: unknown,
  given: Readonly<Record<string, unknown>> | null = null,
): Promise<Record<string, unknown>> {
  const tenant = tenantOf(api, row.tenant);
  const origin = given === null ? originOf(tenant, row.callType) : null;
  if (given !== null) refuseWorkersKey(given);
  const appUrl =
    settings.layout.external_app_url || (origin?.kind === 'app' ? fillAddress(origin.app_url, row) : null);
  if (origin === null && given === null && !appUrl)
    throw new ApiError(
      'bad_input',
      `calls of type "${row.callType}" cannot be recorded: the configuration of the server names no source for them`,
    );
  const { name, options, external_css_url } = settings.layout;
  return {
    tenant: row.tenant,
    call: { type: row.callType, id: row.callId, session_id: row.sessionId },
    ...(origin === null ? {} : { source: await sourceOf(api, origin, row) }),
    ...(given === null ? {} : { source: given }),
    recording: {
      audio_only: settings.audio_only,
      quality: settings.quality,
      layout: { name, options, external_css_url: external_css_url || null, external_app_url: appUrl },
    },
    ...(storage === null ? {} : { storage }),
    limits: tenant.limits,
  };
}

/** A worker that is named no key of the call server uses its own, which would let a tenant into the rooms of others. */
function refuseWorkersKey({ kind, token, api_key: key }: Readonly<Record<string, unknown>>): void {
  if (kind === 'livekit' && token == null && key == null)
    throw new ApiError(
      'bad_input',
      'source: has neither a token, nor an api_key and an api_secret to make one',
    );
}

async function sourceOf(api: Api, origin: CallOrigin, row: RecordingRow): Promise<unknown> {
  if (origin.kind === 'demo') return origin;
  if (origin.kind === 'app') {
    const { app_url: _, user_id, ...source } = origin;
    return { ...source, user_id: fill(user_id, row, String) };
  }
  return liveKitSource(api, origin, fill(origin.room, row, String), row);
}

/** The source of a room on a LiveKit server, with a token for the recorder of this recording. */
export async function liveKitSource(
  api: Api,
  { url, api_key: apiKey, api_secret: apiSecret }: Extract<CallOrigin, { kind: 'livekit' }>,
  room: string,
  { id }: Pick<RecordingRow, 'id'>,
): Promise<{ readonly kind: 'livekit'; readonly url: string; readonly token: string }> {
  const token = await api.liveKitToken({ room, identity: recorderIdentity(id), apiKey, apiSecret });
  return { kind: 'livekit', url, token };
}

/** Who the recorder of a recording is in a LiveKit room. */
export function recorderIdentity(recordingId: string): string {
  return `recorder-${recordingId}`;
}

function fillAddress(template: string, row: RecordingRow): string {
  return fill(template, row, encodeURIComponent);
}

function fill(
  template: string,
  { callType, callId }: RecordingRow,
  encode: (text: string) => string,
): string {
  return template.replaceAll(/\{(call_type|call_id)\}/g, (_, name) =>
    encode(name === 'call_type' ? callType : callId),
  );
}
