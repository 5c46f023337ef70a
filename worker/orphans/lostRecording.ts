import type { RecordedFile, RecordingEvent } from '../../shared/events/recordingEvents.ts';
import { buildResult } from '../recording/buildResult.ts';
import type { RecordingRecord } from '../records/recordStore.ts';
import type { NamedFiles } from './queueView.ts';

/**
 * The final event of a recording whose worker was lost, and with which nobody went on. `files` are those that could be
 * finished here; `named` are all that its manifest names, or null.
 */
export function lostRecording(
  { recording_id, call_cid }: RecordingRecord,
  files: readonly RecordedFile[],
  named: NamedFiles | null,
  nowUnixMs: number,
): RecordingEvent {
  const message = `The worker that recorded this was lost, and no job is left to go on with. ${whereIsIt(files, named)}`;
  const result = buildResult({
    recordingId: recording_id,
    callCid: call_cid,
    sessionId: null,
    attempt: 1,
    reason: 'worker_lost',
    error: { code: 'worker_lost', message },
    start: null,
    files,
    warnings: [],
    decodedS: 0,
    gaps: [],
    pauses: [],
    endedAtUnixMs: nowUnixMs,
  });
  const created_at = new Date(nowUnixMs).toISOString();
  return { type: 'call.recording_failed', recording_id, call_cid, created_at, result };
}

function whereIsIt(files: readonly RecordedFile[], named: NamedFiles | null): string {
  const kept = files.flatMap(({ file }) => file ?? []);
  if (kept.length > 0) return `What it recorded is kept at ${kept.join(', ')}.`;
  const unfinished = (named?.outputs ?? []).flatMap(({ file }) =>
    file?.partPath === undefined ? [] : `${file.partPath} on the machine ${file.machine}`,
  );
  return unfinished.length > 0
    ? `What it recorded was last written to ${unfinished.join(', ')}.`
    : 'No file of it is known.';
}
