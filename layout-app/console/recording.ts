import type { Recording as ListedRecording, RecordState } from '../../shared/api/recordingReply.ts';
import type { WorkerReply } from '../../shared/api/workerReply.ts';
import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';

export type { RecordState };

/** A layout as a start and a change name it. */
export interface WrittenLayout {
  readonly name?: string | undefined;
  readonly options?: Record<string, unknown> | undefined;
  readonly external_css_url?: string | null;
  readonly external_app_url?: string | null;
}

/** A recording as the API tells it; with its events once somebody has looked at it. */
export type Recording = ListedRecording & { readonly events?: readonly RecordingEvent[] };

export type ListedFile = Recording['files'][number];
export type WorkerInfo = WorkerReply;

/** What the list shows together. */
export type Group = 'running' | 'waiting' | 'finished';

const GROUPS: Readonly<Record<RecordState, Group>> = {
  queued: 'waiting',
  starting: 'running',
  recording: 'running',
  paused: 'running',
  stopping: 'running',
  ready: 'finished',
  failed: 'finished',
  absent: 'finished',
};

export function groupOf({ state }: Pick<Recording, 'state'>): Group {
  return GROUPS[state] ?? 'finished';
}

export function isOver(recording: Pick<Recording, 'state'>): boolean {
  return groupOf(recording) === 'finished';
}

/** Whether there are pictures of the last second. */
export function hasPicture({ state, audio_only }: Pick<Recording, 'state' | 'audio_only'>): boolean {
  return state === 'recording' && !audio_only;
}

/** `default:standup`, by which people know a call. */
export function cidOf({ call_type, call_id }: Pick<Recording, 'call_type' | 'call_id'>): string {
  return `${call_type}:${call_id}`;
}

/** How many seconds are recorded, as far as is known; null before the first picture. */
export function elapsedOf(recording: Recording): number | null {
  return recording.duration_s ?? recording.progress?.elapsed_s ?? null;
}

export function sizeOf({ files, progress }: Recording): number | null {
  if (files.length > 0) return files.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
  return progress?.size_bytes ?? null;
}

export function framesOf({
  files: [file],
  progress,
}: Recording): { readonly frames: number; readonly dropped: number } | null {
  const figures = file ?? progress;
  return figures ? { frames: figures.frames, dropped: figures.dropped_frames } : null;
}

/** Who started it, as a person would say it. */
export function starterOf({ started_by: { kind, user_id } }: Pick<Recording, 'started_by'>): string {
  if (kind === 'auto_on') return 'started by itself';
  return kind === 'user' ? (user_id ?? 'a user') : 'a server';
}
