import type { RecordingEvent } from '../../../shared/events/recordingEvents.ts';
import type { Api } from '../api.ts';
import { type NamedTranscriptFile, transcriptFiles, transcriptLink } from '../recordings/transcripts.ts';
import type { RecordingRow } from '../store/rows.ts';
import { recordingReply } from '../stream/recordingRoutes.ts';
import type { EventType } from './eventHook.ts';

/** An event as the API tells it. Dates in it are written as each receiver reads them. */
export interface CallEvent extends Record<string, unknown> {
  readonly type: EventType;
  readonly created_at: Date;
  readonly call_cid: string;
}

/** What the API tells of an event of a worker: mostly one event or none, and one for each file of a recording or a transcript that is ready. */
export function callEvents(api: Api, row: RecordingRow, event: RecordingEvent): CallEvent[] {
  const base = {
    created_at: new Date(event.created_at),
    call_cid: `${row.callType}:${row.callId}`,
    egress_id: row.id,
    recording_type: 'composite',
  };
  switch (event.type) {
    case 'call.recording_started':
    case 'call.recording_stopped':
      return [{ type: event.type, ...base }];
    case 'call.recording_ready':
      return row.files.map((file) => ({
        ...{ type: 'call.recording_ready', ...base },
        call_recording: recordingReply(api, { recording: row, file }),
      }));
    case 'call.recording_failed':
    case 'call.recording_absent':
      return [{ type: 'call.recording_failed', ...base }];
    case 'call.transcription_ready':
      return transcriptFiles(row).map((file) => ({
        ...{ type: 'call.transcription_ready', ...base },
        call_transcription: transcriptionReply(api, row, file),
      }));
    case 'call.transcription_failed':
      return [{ type: event.type, ...base, error: event.transcript.error }];
    default:
      return [];
  }
}

function transcriptionReply(api: Api, row: RecordingRow, file: NamedTranscriptFile): Record<string, unknown> {
  return {
    filename: file.filename,
    url: transcriptLink(api, row, file),
    start_time: new Date(row.startedAt ?? row.createdAt),
    end_time: new Date(row.result?.ended_at ?? row.createdAt),
    session_id: row.sessionId,
  };
}
