import type { RecordingLayout, RecordState, STARTERS } from '../../../shared/api/recordingReply.ts';
import type {
  RecordedFile,
  RecordingPause,
  RecordingResult,
} from '../../../shared/events/recordingEvents.ts';
import type { Grants, Settings } from '../config/callTypeSettings.ts';
import type { NamedHook } from '../events/eventHook.ts';

export type { RecordState } from '../../../shared/api/recordingReply.ts';

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

/** What a tenant has set for all its calls. */
export interface AppRow {
  readonly eventHooks: readonly NamedHook[];
}

/** A bucket that a tenant has named; with Azure, a container. */
export type StorageRow = S3StorageRow | GcsStorageRow | AzureStorageRow;

interface NamedBucket {
  readonly name: string;
  readonly bucket: string;
  readonly path: string;
}

export interface S3StorageRow extends NamedBucket {
  /** Rows of before there were others have none. */
  readonly type?: 's3';
  readonly region: string;
  readonly endpoint: string | null;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface GcsStorageRow extends NamedBucket {
  readonly type: 'gcs';
  /** The JSON of a service account's key. */
  readonly credentials: string;
  readonly endpoint: string | null;
}

export interface AzureStorageRow extends NamedBucket {
  readonly type: 'abs';
  readonly account: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tenantId: string;
  readonly endpoint: string | null;
  readonly authority: string | null;
}

/** What is known of a recording that was started here. */
export interface RecordingRow {
  /** Also the id of its job on the queue. */
  readonly id: string;
  readonly tenant: string;
  readonly callType: string;
  readonly callId: string;
  readonly sessionId: string;
  readonly startedBy: { readonly kind: (typeof STARTERS)[number]; readonly userId: string | null };
  /** The name of the storage that the tenant has named; null for the tenant's own. */
  readonly storage: string | null;
  readonly createdAt: number;
  readonly stopRequestedAt: number | null;
  readonly state: RecordState;
  readonly audioOnly: boolean;
  readonly quality: string;
  readonly layout: string;
  /** All of the layout, with every change so far; absent where an egress or an older server has started it. */
  readonly layoutSettings?: RecordingLayout | null;
  /** As the worker told it; null until the end. */
  readonly result: Omit<RecordingResult, 'files' | 'file'> | null;
  /** When its first picture was recorded, as the worker told it; null before that. */
  readonly startedAt: string | null;
  /** As the workers told of them; absent where they told of none. Those of a recording that is over are in its result. */
  readonly pauses?: readonly RecordingPause[];
  /** Who hears of this recording, besides the receivers of its tenant; absent where nobody does. */
  readonly hooks?: readonly RowHook[];
  /** What was asked for over LiveKit's API; null for all others. */
  readonly egress: EgressRow | null;
  /** The files that are stored and not deleted. */
  readonly files: readonly StoredFile[];
}

/** A receiver that one request has named. */
export type RowHook =
  | {
      readonly kind: 'twilio';
      readonly url: string;
      readonly method: 'GET' | 'POST';
      /** The statuses that it wants to hear of. */
      readonly events: readonly string[];
      /** The API key whose secret signs what it hears. */
      readonly account: string;
    }
  | { readonly kind: 'videosdk'; readonly url: string }
  /** `account` is the API key whose secret signs what it hears. */
  | { readonly kind: 'livekit'; readonly url: string; readonly account: string };

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

/** Whether nothing will be told of it any more: it is over, and nobody waits for its transcript. */
export function isSettled({ state, result }: RecordingRow): boolean {
  return isOver(state) && result?.transcript?.status !== 'waiting';
}

/** `default:standup`, the name by which the API speaks of a call. */
export function cidOf(call: { readonly type: string; readonly id: string }): string {
  return `${call.type}:${call.id}`;
}
