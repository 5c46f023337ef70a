import { ERROR_CODES, type ErrorCode } from '../../shared/events/errorCodes.ts';
import type {
  EndReason,
  FinalEventType,
  PauseMode,
  ReadySignal,
  RecordedFile,
  RecordedTranscript,
  RecordingFailure,
  RecordingPause,
  RecordingResult,
  RecordingWarning,
} from '../../shared/events/recordingEvents.ts';

/** How the recording came to its first picture. */
export interface RecordingStart {
  readonly signal: ReadySignal;
  readonly afterMs: number;
  readonly at: string;
}

/** A time in which nothing was recorded, in seconds of the recording; `untilS` is null while it lasts. */
export interface Gap {
  readonly fromS: number;
  readonly untilS: number | null;
  readonly why: string;
}

/**
 * A time in which nobody wanted the recording to go on. Where it is in the file is in seconds of the recording; `untilS`
 * and `lastedS` are null while it lasts.
 */
export interface Pause {
  readonly fromS: number;
  readonly untilS: number | null;
  readonly lastedS: number | null;
  readonly mode: PauseMode;
  readonly fromUnixMs: number;
}

/** Everything a result is made of. */
export interface Ending {
  readonly recordingId: string;
  readonly callCid: string;
  readonly sessionId: string | null;
  readonly attempt: number;
  readonly reason: EndReason | ErrorCode;
  readonly error: { readonly code: ErrorCode; readonly message: string } | null;
  readonly start: RecordingStart | null;
  readonly files: readonly RecordedFile[];
  readonly warnings: readonly RecordingWarning[];
  readonly gaps: readonly Gap[];
  readonly pauses: readonly Pause[];
  /** For how many seconds videos went into the picture as they were decoded. */
  readonly decodedS: number;
  readonly endedAtUnixMs: number;
  /** Whether what is said in the recording is to be written down. */
  readonly isTranscribed?: boolean;
}

const WAITING: RecordedTranscript = { status: 'waiting', files: [], language: null, error: null };

/** Builds the result of a recording, however it ended. No other place builds one. */
export function buildResult(ending: Ending): RecordingResult {
  const { error, files, start } = ending;
  const [first] = files;
  const isStored = files.some(({ file }) => file !== null);
  return {
    status: error ? 'failed' : isStored ? 'completed' : 'absent',
    recording_id: ending.recordingId,
    call_cid: ending.callCid,
    session_id: ending.sessionId,
    attempt: ending.attempt,
    file: first?.file ?? null,
    size_bytes: first?.size_bytes ?? 0,
    duration_s: first?.duration_s ?? 0,
    frames: first?.frames ?? 0,
    dropped_frames: first?.dropped_frames ?? 0,
    decoded_s: ending.decodedS,
    files,
    transcript: ending.isTranscribed && isStored ? WAITING : null,
    end_reason: ending.reason,
    ready_signal: start?.signal ?? null,
    ready_after_ms: start?.afterMs ?? null,
    started_at: start?.at ?? null,
    ended_at: new Date(ending.endedAtUnixMs).toISOString(),
    warnings: ending.warnings,
    gaps: ending.gaps.map(({ fromS, untilS, why }) => ({ from_s: fromS, until_s: untilS, reason: why })),
    pauses: ending.pauses.map(wirePause),
    error: error && failureOf(error),
  };
}

/** A pause as results and events tell of it. */
export function wirePause({ fromS, untilS, lastedS, mode, fromUnixMs }: Pause): RecordingPause {
  const paused_at = new Date(fromUnixMs).toISOString();
  return { from_s: fromS, until_s: untilS, lasted_s: lastedS, mode, paused_at };
}

/** An error with the party that can repair it, and advice how. */
export function failureOf({ code, message }: { code: ErrorCode; message: string }): RecordingFailure {
  const { blame, help } = ERROR_CODES[code];
  return { code, message, blame, help };
}

const FINAL_EVENTS: Readonly<Record<RecordingResult['status'], FinalEventType>> = {
  completed: 'call.recording_ready',
  failed: 'call.recording_failed',
  absent: 'call.recording_absent',
};

/** The type of the event that carries a result. */
export function finalEventOf({ status }: RecordingResult): FinalEventType {
  return FINAL_EVENTS[status];
}
