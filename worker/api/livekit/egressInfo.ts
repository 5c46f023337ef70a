import type { Api } from '../api.ts';
import { fileLink } from '../files/fileLink.ts';
import type { RecordingRow, RecordState, StoredFile } from '../store/rows.ts';

const STATUS: Readonly<Record<RecordState, string>> = {
  queued: 'EGRESS_STARTING',
  starting: 'EGRESS_STARTING',
  recording: 'EGRESS_ACTIVE',
  paused: 'EGRESS_ACTIVE',
  stopping: 'EGRESS_ENDING',
  ready: 'EGRESS_COMPLETE',
  failed: 'EGRESS_FAILED',
  absent: 'EGRESS_ABORTED',
};

/** What LiveKit puts before the id of an egress. */
const PREFIX = 'EG_';

/** The id of a recording, from that of its egress. */
export function recordingIdOf(egressId: string): string {
  return egressId.startsWith(PREFIX) ? egressId.slice(PREFIX.length) : '';
}

/** A recording as LiveKit tells of an egress, in proto3 JSON: 64-bit numbers are texts, and times nanoseconds. */
export function egressInfo(api: Api, row: RecordingRow): Record<string, unknown> {
  const { result } = row;
  const files = row.files.map((file) => fileInfo(api, row, file));
  return {
    ...{ egressId: `${PREFIX}${row.id}`, roomId: '', roomName: row.egress?.roomName ?? '' },
    ...{
      status: STATUS[row.state],
      startedAt: ns(row.startedAt),
      endedAt: ns(result?.ended_at ?? null),
    },
    updatedAt: ns(result?.ended_at ?? new Date(row.createdAt).toISOString()),
    ...{ error: result?.error?.message ?? '', details: result?.end_reason ?? '' },
    ...(row.egress && { [row.egress.kind]: row.egress.request }),
    ...{ fileResults: files, ...(files[0] && { file: files[0] }) },
  };
}

function fileInfo(api: Api, row: RecordingRow, file: StoredFile): Record<string, unknown> {
  // The server holds no keys for a bucket that only the request named.
  const isTheirs = row.storage !== null;
  return {
    ...{
      filename: file.filename,
      size: String(file.size_bytes),
      duration: String(Math.round(file.duration_s * 1e9)),
    },
    ...{ startedAt: ns(row.startedAt), endedAt: ns(row.result?.ended_at ?? null) },
    location: isTheirs ? file.file : fileLink(api, row, file),
  };
}

function ns(time: string | null): string {
  return time === null ? '0' : String(BigInt(Date.parse(time)) * 1_000_000n);
}
