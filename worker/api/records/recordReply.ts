import type { Recording } from '../../../shared/api/recordingReply.ts';
import type { WorkerNote } from '../../registry/workerRegistry.ts';
import type { Api, RecordingReport } from '../api.ts';
import { fileLink } from '../files/fileLink.ts';
import { transcriptFiles, transcriptLink, transcriptOf } from '../recordings/transcripts.ts';
import { isOver, type RecordingRow } from '../store/rows.ts';

/** What our own paths tell of recordings, in the same order. */
export async function recordReplies(api: Api, rows: readonly RecordingRow[]): Promise<Recording[]> {
  const workers = rows.some(({ state }) => !isOver(state)) ? await api.workers() : [];
  return Promise.all(
    rows.map(async (row) => {
      if (isOver(row.state)) return replyOf(api, row, null, null);
      const worker = workers.find(({ recordings }) => recordings.includes(row.id));
      return replyOf(api, row, await api.queue.report(row.id), worker ?? null);
    }),
  );
}

/** What our own paths tell of a recording. */
export async function recordReply(api: Api, row: RecordingRow): Promise<Recording> {
  const [reply] = await recordReplies(api, [row]);
  return reply as Recording;
}

/** `report` is what the workers told of a recording that is not over; null for others. */
function replyOf(
  api: Api,
  row: RecordingRow,
  report: RecordingReport | null,
  worker: WorkerNote | null,
): Recording {
  const { result } = row;
  const isRecorded = row.state === 'recording' || row.state === 'paused' || row.state === 'stopping';
  return {
    ...{ id: row.id, state: row.state },
    ...{ call_type: row.callType, call_id: row.callId, session_id: row.sessionId },
    started_by: { kind: row.startedBy.kind, user_id: row.startedBy.userId },
    ...{ audio_only: row.audioOnly, quality: row.quality, layout: row.layout },
    ...{ layout_settings: row.layoutSettings ?? null, storage: row.storage },
    created_at: new Date(row.createdAt).toISOString(),
    stop_requested_at: row.stopRequestedAt === null ? null : new Date(row.stopRequestedAt).toISOString(),
    ...{ started_at: row.startedAt, ended_at: result?.ended_at ?? null },
    ...{ end_reason: result?.end_reason ?? null, duration_s: result?.duration_s ?? null },
    decoded_s: result?.decoded_s ?? null,
    // What an attempt before has told is nothing that the next one has recorded.
    progress: isRecorded ? (report?.progress ?? null) : null,
    worker: worker?.id ?? null,
    ...{ warnings: [...(result?.warnings ?? [])], gaps: [...(result?.gaps ?? [])] },
    error: result?.error ?? null,
    pauses: [...(result?.pauses ?? row.pauses ?? [])],
    transcript: transcriptReply(api, row),
    files: row.files.map((stored) => {
      const { file: _, error: __, ...told } = stored;
      return { ...told, url: fileLink(api, row, stored) };
    }),
  };
}

function transcriptReply(api: Api, row: RecordingRow): Recording['transcript'] {
  const transcript = transcriptOf(row);
  if (transcript === null) return null;
  const files = transcriptFiles(row).map((stored) => {
    const { file: _, ...told } = stored;
    return { ...told, url: transcriptLink(api, row, stored) };
  });
  return { ...transcript, files };
}
