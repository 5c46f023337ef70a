/**
 * The name a recording is stored under: call, start time, recording and attempt, so that neither another
 * recording of the call nor a retry can overwrite it. Anything that could leave the folder becomes `_`.
 */
export function objectKey(given: {
  callType: string;
  callId: string;
  recordingId: string;
  attempt: number;
  startedAtUnixMs: number;
  extension: string;
}): string {
  const time = new Date(given.startedAtUnixMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const parts = [given.callType, given.callId, time, given.recordingId, String(given.attempt)];
  return `${parts.map(safeName).join('-')}.${given.extension}`;
}

function safeName(text: string): string {
  return text.replace(/[^A-Za-z0-9_]+/g, '_').slice(0, 60) || '_';
}
