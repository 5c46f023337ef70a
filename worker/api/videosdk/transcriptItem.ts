import type { Api } from '../api.ts';
import { fileLink } from '../files/fileLink.ts';
import { transcriptFiles, transcriptLink, transcriptOf } from '../recordings/transcripts.ts';
import type { RecordingRow } from '../store/rows.ts';

/** What VideoSDK calls the states of a transcript. */
const STATUS = { waiting: 'started', ready: 'completed', failed: 'failed' } as const;

/** The links to a transcript by their format, as VideoSDK tells them. */
export function transcriptPaths(api: Api, row: RecordingRow): Record<string, string> {
  return Object.fromEntries(
    transcriptFiles(row).map((file) => [file.format, transcriptLink(api, row, file)]),
  );
}

/** The transcript of a recording as VideoSDK tells of it, under the id of the recording; null where it has none. */
export function transcriptItem(api: Api, row: RecordingRow): Record<string, unknown> | null {
  const transcript = transcriptOf(row);
  if (transcript === null) return null;
  const [file] = row.files;
  return {
    ...{ id: row.id, status: STATUS[transcript.status], roomId: row.callId, sessionId: row.sessionId },
    ...{ recordingId: row.id, filePath: file ? fileLink(api, row, file) : null },
    transcriptionFilePaths: transcriptPaths(api, row),
    ...{ start: row.startedAt, end: row.result?.ended_at ?? null, error: transcript.error },
  };
}
