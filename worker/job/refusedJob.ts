import type { RecordingEvent, RecordingResult } from '../../shared/events/recordingEvents.ts';
import type { InvalidRequestError } from '../../shared/request/parseRecordingRequest.ts';

/** The result of a job that does not fit the schema, told to the world like any other. */
export function refusedJob(
  id: string,
  listeners: readonly ((event: RecordingEvent) => void)[],
  error: InvalidRequestError,
  nowUnixMs: number,
): RecordingResult {
  const at = new Date(nowUnixMs).toISOString();
  const result: RecordingResult = {
    status: 'failed',
    recording_id: id,
    call_cid: '',
    file: null,
    size_bytes: 0,
    duration_s: 0,
    end_reason: 'invalid_request',
    frames: 0,
    dropped_frames: 0,
    ready_signal: null,
    ready_after_ms: null,
    started_at: null,
    ended_at: at,
    warnings: [],
    error: { code: 'invalid_request', message: error.message },
  };
  const event = { recording_id: id, call_cid: '', created_at: at, result };
  for (const listener of listeners) listener({ type: 'call.recording_failed', ...event });
  return result;
}
