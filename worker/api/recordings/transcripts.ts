import type { RecordedTranscript, TranscriptFile } from '../../../shared/events/recordingEvents.ts';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { fileLink } from '../files/fileLink.ts';
import type { RecordingRow } from '../store/rows.ts';
import { PRESIGNED } from './chooseStorage.ts';
import { tenantOf } from './findCall.ts';

/** What a request asks for of a transcript. */
export interface TranscriptRequest {
  /** The model of the service; null for the one in the configuration. */
  readonly model: string | null;
}

/**
 * `transcription` of a job, with the service that the tenant is configured with. Throws bad_input where there is none.
 * `storage` is that of the recording, as the job names it.
 */
export function transcriptionOf(
  api: Api,
  tenant: string,
  { model }: TranscriptRequest,
  storage: unknown,
): Record<string, unknown> {
  const { transcription, storage: ownStorage } = tenantOf(api, tenant);
  if (transcription === null)
    throw new ApiError(
      'bad_input',
      `transcription: no service that transcribes is configured; the configuration of the server names one in tenants.${tenant}.transcription`,
    );
  const isPresigned = (storage as { kind?: unknown } | null)?.kind === 'presigned';
  return {
    ...(transcription as object),
    ...(model === null ? {} : { model }),
    // A signed address takes one file.
    ...(isPresigned && { storage: ownStorage ?? { kind: 'local' } }),
  };
}

/** A file of a transcript, with the name that links to it have. */
export interface NamedTranscriptFile extends TranscriptFile {
  readonly filename: string;
}

export function transcriptOf({ result }: RecordingRow): RecordedTranscript | null {
  // Rows of before there were transcripts have none.
  return result?.transcript ?? null;
}

export function transcriptFiles(row: RecordingRow): NamedTranscriptFile[] {
  const files = transcriptOf(row)?.files ?? [];
  return files.map((one) => ({ ...one, filename: one.file.slice(one.file.lastIndexOf('/') + 1) }));
}

/** The recording as if its files lay where its transcript does: where it was sent to a signed address, in the tenant's own storage. */
export function besideTranscript(row: RecordingRow): RecordingRow {
  return row.storage?.startsWith(PRESIGNED) ? { ...row, storage: null } : row;
}

/** A link to a file of a transcript, as fileLink makes it. */
export function transcriptLink(api: Api, row: RecordingRow, file: NamedTranscriptFile): string {
  return fileLink(api, besideTranscript(row), file);
}
