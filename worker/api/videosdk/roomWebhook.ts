import { createSign } from 'node:crypto';
import type { RecordingEvent } from '../../../shared/events/recordingEvents.ts';
import type { Outgoing } from '../../deliveries/openHooks.ts';
import type { Api } from '../api.ts';
import { fileLink } from '../files/fileLink.ts';
import type { RecordingRow } from '../store/rows.ts';
import { transcriptPaths } from './transcriptItem.ts';

function typeOf(event: RecordingEvent): string | null {
  switch (event.type) {
    case 'call.recording_phase':
      return event.phase === 'launching' ? 'recording-starting' : null;
    case 'call.recording_started':
      return 'recording-started';
    case 'call.recording_stopped':
      return 'recording-stopping';
    case 'call.recording_ready':
      return 'recording-stopped';
    case 'call.recording_failed':
    case 'call.recording_absent':
      return 'recording-failed';
    case 'call.transcription_started':
      return 'transcription-started';
    case 'call.transcription_ready':
      return 'transcription-stopped';
    case 'call.transcription_failed':
      return 'transcription-failed';
    default:
      return null;
  }
}

/** What the `webhookUrl` of a room's recording is told of an event of a worker, as JSON; null if nothing. */
export function roomWebhook(api: Api, row: RecordingRow, event: RecordingEvent): string | null {
  const webhookType = typeOf(event);
  if (webhookType === null) return null;
  const [file] = webhookType === 'recording-stopped' ? row.files : [];
  const stored = file && { filePath: `/${file.filename}`, fileUrl: fileLink(api, row, file) };
  return JSON.stringify({
    webhookType,
    data: { meetingId: row.callId, sessionId: row.sessionId, ...stored, ...transcriptData(api, row, event) },
  });
}

/** Of an event of a transcript, its id, with which VideoSDK's clients look it up, and its files where it is ready. */
function transcriptData(api: Api, row: RecordingRow, event: RecordingEvent): Record<string, unknown> {
  if (!('transcript' in event)) return {};
  const files = transcriptPaths(api, row);
  const isReady = event.type === 'call.transcription_ready';
  return { id: row.id, recordingId: row.id, ...(isReady && { transcriptionFilePaths: files }) };
}

/** The request of such a webhook, signed with RSA over its body. `privateKey` is PEM. */
export function roomWebhookRequest(url: string, body: string, privateKey: string): Outgoing {
  const signature = createSign('RSA-SHA256').update(body).sign(privateKey, 'base64');
  const headers = { 'content-type': 'application/json', 'videosdk-signature': signature };
  return { kind: 'http', url, method: 'POST', headers, body };
}
