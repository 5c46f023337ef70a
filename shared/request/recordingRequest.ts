import type { EncodingProfile, PictureRequest } from '../encoding/encodingProfile.ts';
import type { LayoutRequest } from '../layout/layoutRequest.ts';
import type { CallSource } from '../sources/callSource.ts';
import type { StorageTarget } from '../storages/storageTarget.ts';
import type { Transcription } from '../transcription/transcription.ts';
import type { Looked } from '../wire/secret.ts';
import type { RecordingLimits } from './limits.ts';
import type { RecordingKind } from './recordingKinds.ts';
import type { WebhookTarget } from './webhook.ts';

/**
 * A validated job, complete: no field is optional, every default is filled in, and every secret is looked up. It is
 * made by parseRecordingRequest and lookUpSecrets, and frozen with all that it holds.
 */
export interface RecordingRequest {
  /** The job's id, which names the recording everywhere. */
  readonly id: string;
  readonly kind: RecordingKind;
  /** On whose behalf the call is recorded; null where the job names nobody. */
  readonly tenant: string | null;
  readonly call: {
    readonly type: string;
    readonly id: string;
    readonly sessionId: string | null;
  };
  readonly source: CallSource;
  readonly audioOnly: boolean;
  readonly picture: PictureRequest;
  readonly layout: LayoutRequest;
  /** How the videos of a page that hands them over get into the picture; those of other pages are drawn. */
  readonly videos: 'drawn' | 'decoded';
  /** At least one. */
  readonly outputs: readonly OutputRequest[];
  /** The service that writes down what is said; null where nobody asks for a transcript. */
  readonly transcription: Looked<Transcription> | null;
  readonly webhook: Looked<WebhookTarget> | null;
  readonly limits: RecordingLimits;
}

/** One file that a recording makes. */
export interface OutputRequest {
  /** Unique in the request. */
  readonly name: string;
  readonly encoding: EncodingProfile;
  /** null for the worker's own folder. */
  readonly storage: StorageTarget | null;
  /** Where the file goes if it cannot be stored there; null if nowhere. */
  readonly backup: StorageTarget | null;
  /** Public keys of age, to which the file is encrypted before it leaves the worker; null where it is not. */
  readonly recipients: readonly string[] | null;
}

/** `default:standup`, the name by which events speak of a call. */
export function callCid(call: { readonly type: string; readonly id: string }): string {
  return `${call.type}:${call.id}`;
}
