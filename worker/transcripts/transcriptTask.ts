import type { RecordingEvent, RecordingResult } from '../../shared/events/recordingEvents.ts';
import { sealer } from '../sealer.ts';

/** A recording that is stored, and whose transcript is to be made. */
export interface TranscriptTask {
  readonly recordingId: string;
  readonly callCid: string;
  /** Of the event with the result, as it was told; another run of a recording of the same id ends at another time. */
  readonly endedAt: string;
  /** The first file of the recording that is stored: the name of its output, and where it is. */
  readonly output: string;
  readonly location: string;
  readonly startedAt: string | null;
  readonly attempt: number;
  /** What is needed of the job, as JSON; sealed where the worker has a key. */
  readonly job: string;
  readonly isSealed: boolean;
}

/** The task that a final event of a recording means; null where no transcript waits to be made. `payload` is the job. */
export function transcriptTaskOf(
  event: RecordingEvent,
  payload: unknown,
  sealKey: string | null,
): TranscriptTask | null {
  if (!('result' in event) || event.result.transcript?.status !== 'waiting') return null;
  const stored = storedFileOf(event.result);
  if (stored === null) return null;
  const job = JSON.stringify(neededOf(payload as Record<string, unknown>));
  return {
    recordingId: event.recording_id,
    callCid: event.call_cid,
    endedAt: event.result.ended_at,
    ...stored,
    startedAt: event.result.started_at,
    attempt: event.result.attempt,
    job: sealKey === null ? job : sealer(sealKey, 'transcript').seal(job),
    isSealed: sealKey !== null,
  };
}

function storedFileOf({ files }: RecordingResult): { output: string; location: string } | null {
  const stored = files.find(({ file }) => file !== null);
  return stored?.file == null ? null : { output: stored.name, location: stored.file };
}

/** The task waits in Redis for as long as the service is down, so it has no more of the job than it needs. */
function neededOf(payload: Record<string, unknown>): Record<string, unknown> {
  const { tenant, call, outputs, storage, backup_storage, encryption, transcription, webhook } = payload;
  const { audio_only, encoding } = (payload.recording ?? {}) as Record<string, unknown>;
  return {
    ...{ tenant, call, outputs, storage, backup_storage, encryption, transcription, webhook },
    recording: { audio_only, encoding },
    source: { kind: 'demo' }, // a job needs one
  };
}

/** The job of a task, as far as it is needed. Throws an Error where this worker cannot unseal it. */
export function jobOfTask({ job, isSealed }: TranscriptTask, sealKey: string | null): unknown {
  if (!isSealed) return JSON.parse(job);
  if (sealKey === null)
    throw new Error('the transcript is sealed, and this worker has no COMPOSITOR_SEAL_KEY');
  return JSON.parse(sealer(sealKey, 'transcript').unseal(job));
}
