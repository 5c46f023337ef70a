import { isDeepStrictEqual } from 'node:util';
import type { RecordedTranscript, RecordingResult } from '../../../shared/events/recordingEvents.ts';
import { RECORD_STATE_OF } from '../../../shared/events/recordStateOf.ts';
import type { Api } from '../api.ts';
import { isOver, isSettled, type RecordingRow, type StoredFile } from '../store/rows.ts';

/** A server that puts a job on the queue needs milliseconds; whatever is not there after this long never comes. */
const ENQUEUED_WITHIN_MS = 60_000;

/**
 * A recording as it is now. What the workers told of it is kept with it once it is over, because they keep it for some
 * days only.
 */
export async function currentRecording(api: Api, row: RecordingRow): Promise<RecordingRow> {
  if (isSettled(row)) return row;
  if (isOver(row.state)) return withTranscript(api, row);
  const now = await lookedUp(api, row);
  const { state, startedAt, pauses = [], result, files } = now;
  if (state === row.state && startedAt === row.startedAt && result === null) return now;
  const written = await api.store.recordings.update(row.tenant, row.id, (before) =>
    isOver(before.state) ? before : { ...before, state, startedAt, pauses, result, files },
  );
  return written ?? now;
}

/** What the workers told of a transcript is kept for longer than they try to make it. */
const FORGOTTEN: RecordedTranscript = {
  ...{ status: 'failed', files: [], language: null },
  error: 'nothing is known of the transcript any more',
};

/** A recording that is over, with what became of its transcript since. */
async function withTranscript(api: Api, row: RecordingRow): Promise<RecordingRow> {
  const report = await api.queue.report(row.id);
  const transcript = report === null ? FORGOTTEN : report.result?.transcript;
  if (!transcript || isDeepStrictEqual(transcript, row.result?.transcript)) return row;
  const written = await api.store.recordings.update(row.tenant, row.id, (before) =>
    before.result === null ? before : { ...before, result: { ...before.result, transcript } },
  );
  return written ?? row;
}

async function lookedUp(api: Api, row: RecordingRow): Promise<RecordingRow> {
  const report = await api.queue.report(row.id);
  if (report?.result && isOver(RECORD_STATE_OF[report.state])) return withResult(row, report.result);
  const isOld = api.nowUnixMs() - row.createdAt > ENQUEUED_WITHIN_MS;
  if (isOld && !(await api.queue.isWaitingOrRunning(row.id))) {
    // It may have ended between the two questions.
    const last = await api.queue.report(row.id);
    return last?.result ? withResult(row, last.result) : { ...row, state: 'failed' };
  }
  const told = report === null ? 'queued' : RECORD_STATE_OF[report.state];
  const state = row.stopRequestedAt !== null && !isOver(told) ? 'stopping' : told;
  return { ...row, state, startedAt: report?.started_at ?? row.startedAt, pauses: report?.pauses ?? [] };
}

function withResult(row: RecordingRow, { files, file: _, ...result }: RecordingResult): RecordingRow {
  const state = ({ completed: 'ready', absent: 'absent', failed: 'failed' } as const)[result.status];
  return { ...row, state, startedAt: result.started_at, result, files: files.flatMap(storedFile) };
}

function storedFile(recorded: RecordingResult['files'][number]): StoredFile[] {
  const { file } = recorded;
  if (file === null) return [];
  return [
    { ...recorded, file, filename: file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1) },
  ];
}
