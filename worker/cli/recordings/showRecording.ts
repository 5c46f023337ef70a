import type { Recording, RecordingWithEvents } from '../../../shared/api/recordingReply.ts';
import type { RecordedTranscript, RecordingEvent } from '../../../shared/events/recordingEvents.ts';
import { onOneLine } from '../printable.ts';
import { printTable } from '../printTable.ts';

/** A recording in one line of a table. */
export function rowOf(recording: Recording): Record<string, unknown> {
  const { id, state, call_type, call_id, created_at, started_by } = recording;
  return {
    ...{ id, state, call: `${call_type}:${call_id}`, created: created_at },
    by: started_by.user_id ?? started_by.kind,
    length: lengthOf(recording.duration_s ?? recording.progress?.elapsed_s ?? null),
    size: sizeOf(recording),
  };
}

/** Prints a recording for people: what it is, its files, and what happened. */
export function printRecording(recording: RecordingWithEvents): void {
  const { progress, error, worker, end_reason, quality, layout, audio_only, transcript } = recording;
  const facts = {
    ...rowOf(recording),
    ...{ started: recording.started_at, ended: recording.ended_at, end_reason, worker },
    recorded: audio_only ? 'sound alone' : `${quality}, ${layout}`,
    frames: progress && `${progress.frames}, ${progress.dropped_frames} dropped`,
    error: error && `${error.message} (${error.code}). ${error.help}`,
    transcript: transcript && transcript.status !== 'ready' ? describeTranscript(transcript) : null,
  };
  const shown = Object.entries(facts).filter(([, value]) => value !== null && value !== undefined);
  for (const [name, value] of shown) console.log(`${name.padEnd(12)}${onOneLine(String(value))}`);
  for (const { url } of recording.files) console.log(`${'file'.padEnd(12)}${url}`);
  for (const { url } of recording.transcript?.files ?? []) console.log(`${'transcript'.padEnd(12)}${url}`);
  console.log('');
  const rows = recording.events.map((event) => ({ time: event.created_at, event: describeEvent(event) }));
  printTable(rows, 'nothing has happened yet');
}

/** What an event says, in a few words. */
export function describeEvent(event: RecordingEvent): string {
  switch (event.type) {
    case 'call.recording_phase':
      return event.phase;
    case 'call.recording_started':
      return `started (${event.ready_signal})`;
    case 'call.recording_progress':
      return describeProgress(event);
    case 'call.recording_warning':
      return `warning: ${event.warning.message}`;
    case 'call.recording_stopped':
      return `stopped: ${event.end_reason}`;
    case 'call.recording_ready':
      return `ready: ${lengthOf(event.result.duration_s)}, ${megabytes(event.result.size_bytes)}`;
    case 'call.recording_absent':
      return `absent: ${event.result.end_reason}`;
    case 'call.recording_failed':
      return `failed: ${event.result.error?.message ?? event.result.end_reason}`;
    case 'call.transcription_started':
    case 'call.transcription_delayed':
    case 'call.transcription_ready':
    case 'call.transcription_failed':
      return [event.type.slice('call.'.length).replace('_', ' '), event.transcript.error]
        .filter((said) => said !== null)
        .join(': ');
  }
}

function describeTranscript({ status, error }: Pick<RecordedTranscript, 'status' | 'error'>): string {
  return error === null ? status : `${status}: ${error}`;
}

function describeProgress(progress: NonNullable<Recording['progress']>): string {
  const { elapsed_s, frames, dropped_frames, size_bytes } = progress;
  return `${lengthOf(elapsed_s)}  ${frames} frames  ${dropped_frames} dropped  ${megabytes(size_bytes)}`;
}

function sizeOf({ files, progress }: Recording): string | null {
  const bytes = files.reduce((sum, file) => sum + file.size_bytes, 0) || (progress?.size_bytes ?? 0);
  return bytes === 0 ? null : megabytes(bytes);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** `1:02:03`; null where there is none. */
function lengthOf(seconds: number | null): string | null {
  if (seconds === null) return null;
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return parts.map((part, at) => (at === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}
