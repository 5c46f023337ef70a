import { parseRecordingRequest } from '../../shared/request/parseRecordingRequest.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';

/** The request of a job that holds its secrets itself. */
export function requestOf(id: string, job: unknown): RecordingRequest {
  return parseRecordingRequest(id, job) as RecordingRequest;
}
