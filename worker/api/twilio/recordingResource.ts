import type { Api } from '../api.ts';
import { publicAddress } from '../config/publicAddress.ts';
import type { RecordingRow, RecordState } from '../store/rows.ts';

export const BASE = '/2010-04-01';

const STATUS: Readonly<Record<RecordState, string>> = {
  queued: 'in-progress',
  starting: 'in-progress',
  recording: 'in-progress',
  paused: 'paused',
  stopping: 'processing',
  ready: 'completed',
  failed: 'failed',
  absent: 'absent',
};

/** What Twilio says of a recording that is too short to hold anything. */
export const TOO_SHORT = 16101;

/** `RE` and 32 digits, which are those of our id. */
export function sidOf({ id }: Pick<RecordingRow, 'id'>): string {
  return `RE${id.replaceAll('-', '')}`;
}

/** The id of a recording, from its SID; empty if it is none. */
export function recordingIdOf(sid: string): string {
  const [, ...parts] = /^RE([\da-f]{8})([\da-f]{4})([\da-f]{4})([\da-f]{4})([\da-f]{12})$/.exec(sid) ?? [];
  return parts.join('-');
}

/** Where the file of a recording is handed out to whoever has the keys of the account. */
export function mediaUrlOf({ config }: Api, account: string, row: RecordingRow): string {
  return publicAddress(config, pathOf(account, row));
}

export function pathOf(account: string, row: RecordingRow): string {
  return `${BASE}/Accounts/${account}/Recordings/${sidOf(row)}`;
}

/** A recording as Twilio's resource tells of it. */
export function recordingResource(api: Api, account: string, row: RecordingRow): Record<string, unknown> {
  const updatedAt = row.result?.ended_at ?? row.stopRequestedAt ?? row.createdAt;
  const path = pathOf(account, row);
  return {
    ...{
      sid: sidOf(row),
      account_sid: account,
      call_sid: row.callId,
      conference_sid: null,
      api_version: BASE.slice(1),
    },
    ...{ status: STATUS[row.state], channels: 1, source: 'StartCallRecordingAPI', track: 'both' },
    ...{
      duration: row.result ? secondsOf(row) : '-1',
      start_time: rfc2822(row.startedAt ?? row.createdAt),
    },
    ...{ date_created: rfc2822(row.createdAt), date_updated: rfc2822(updatedAt) },
    ...{ price: null, price_unit: 'USD', encryption_details: null },
    error_code: row.state === 'absent' ? TOO_SHORT : null,
    ...{ uri: `${path}.json`, media_url: mediaUrlOf(api, account, row), subresource_uris: {} },
  };
}

export function secondsOf({ result }: RecordingRow): string {
  return String(Math.round(result?.duration_s ?? 0));
}

export function rfc2822(time: string | number): string {
  return new Date(time).toUTCString().replace('GMT', '+0000');
}
