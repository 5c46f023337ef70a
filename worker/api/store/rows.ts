import type { RecordedFile, RecordingResult } from '../../../shared/events/recordingEvents.ts';
import type { Grants, Settings } from '../config/callTypeSettings.ts';

/** A call type. Times are Unix ms here and below. */
export interface CallTypeRow {
  readonly name: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly settings: Settings;
  readonly grants: Grants | null;
  /** The name of the storage that its recordings go to; null for the tenant's own. */
  readonly externalStorage: string | null;
  readonly notificationSettings: Readonly<Record<string, unknown>>;
}

export interface CallRow {
  readonly type: string;
  readonly id: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly startsAt: number | null;
  readonly endedAt: number | null;
  /** The id of a user; null where a server created it. */
  readonly createdBy: string | null;
  readonly settingsOverride: Settings;
  readonly members: readonly MemberRow[];
  readonly custom: Readonly<Record<string, unknown>>;
}

export interface MemberRow {
  readonly user_id: string;
  readonly role: string;
  readonly custom: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
}

/** A bucket that a tenant has named. */
export interface StorageRow {
  readonly name: string;
  readonly bucket: string;
  readonly path: string;
  readonly region: string;
  readonly endpoint: string | null;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export const RECORD_STATES = [
  'queued',
  'starting',
  'recording',
  'stopping',
  'ready',
  'failed',
  'absent',
] as const;
export type RecordState = (typeof RECORD_STATES)[number];

/** What is known of a recording that was started here. */
export interface RecordingRow {
  /** Also the id of its job on the queue. */
  readonly id: string;
  readonly tenant: string;
  readonly callType: string;
  readonly callId: string;
  readonly sessionId: string;
  readonly startedBy: { readonly kind: 'server' | 'user'; readonly userId: string | null };
  /** The name of the storage that the tenant has named; null for the tenant's own. */
  readonly storage: string | null;
  readonly createdAt: number;
  readonly stopRequestedAt: number | null;
  readonly state: RecordState;
  readonly audioOnly: boolean;
  readonly quality: string;
  readonly layout: string;
  /** As the worker told it; null until the end. */
  readonly result: Omit<RecordingResult, 'files' | 'file'> | null;
  /** What was asked for over LiveKit's API; null for all others. */
  readonly egress: EgressRow | null;
  /** The files that are stored and not deleted. */
  readonly files: readonly StoredFile[];
}

/** What an egress repeats of its request. */
export interface EgressRow {
  readonly kind: 'roomComposite' | 'web';
  readonly roomName: string;
  readonly request: Readonly<Record<string, unknown>>;
}

export interface StoredFile extends RecordedFile {
  readonly file: string;
  /** Without folders, and without signs that an address would read. */
  readonly filename: string;
}

export function isOver(state: RecordState): boolean {
  return state === 'ready' || state === 'failed' || state === 'absent';
}

/** `default:standup`, the name by which the API speaks of a call. */
export function cidOf(call: { readonly type: string; readonly id: string }): string {
  return `${call.type}:${call.id}`;
}
