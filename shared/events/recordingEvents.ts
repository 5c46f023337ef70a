import type { WarningCode } from '../page/pageMessages.ts';
import type { Blame, ErrorCode } from './errorCodes.ts';
import type { RecordingState } from './recordingState.ts';

/** Why a recording ended without an error; the first reason wins. */
export type EndReason =
  | 'stopped'
  | 'call_ended'
  | 'max_duration'
  | 'call_empty'
  /** The files have the size that the operator allows the tenant of the job. */
  | 'max_size'
  /** The tenant of the job has recorded as many minutes as the operator allows. */
  | 'tenant_minutes'
  | 'worker_shutdown'
  /** Another worker records the call now, since this one could not reach the queue for too long. */
  | 'taken_over'
  /** This worker leaves, and another one goes on with the recording. */
  | 'handed_over';

/**
 * Something a person should know of although the recording goes on. Times are seconds into the recording. A warning
 * of something that lasts is told when it is noticed and, with `until_s`, once more when it is over; the result then
 * has only the second one.
 */
export interface RecordingWarning {
  readonly code:
    | 'ready_fallback'
    | WarningCode
    /** The page logged an error on the console, or did not catch one. */
    | 'page_console_error'
    /** The page wrote more on its console, or told more, than is taken; the rest was left out. */
    | 'page_told_too_much'
    /** The page asked for an address that is not public, and the operator has not allowed it. */
    | 'address_refused'
    | 'css_broken'
    | 'picture_blank'
    | 'page_slow'
    /** The page had lost its connection to the call. */
    | 'call_interrupted'
    /** Nothing was recorded for a while; the last picture stands still in the file, and there is no sound. */
    | 'recording_interrupted'
    /** A storage takes nothing at the moment. The recording goes on, and its bytes are kept on this machine. */
    | 'storage_waiting'
    | 'option_idle'
    /** One of several outputs cannot go on; the others do. */
    | 'output_failed'
    /** This attempt failed, and the job is tried again, or another worker has taken it over. */
    | 'attempt_failed';
  readonly message: string;
  /** When it happened or began; null where that was before the recording. */
  readonly at_s: number | null;
  /** When it was over; absent where it took no time, or went on until the end of the recording. */
  readonly until_s?: number;
}

/** A time in which nothing was recorded. In the file, the picture before it stands still, and there is no sound. */
export interface RecordingGap {
  /** Both in seconds of the recording. `until_s` is null where the recording did not go on. */
  readonly from_s: number;
  readonly until_s: number | null;
  readonly reason: string;
}

/** Why a recording, or one of its outputs, failed. */
export interface RecordingFailure {
  readonly code: ErrorCode;
  readonly message: string;
  /** Who can mend it. */
  readonly blame: Blame;
  /** What to do about it. */
  readonly help: string;
}

/** One output of a recording, as it was stored. Figures are those of the file. */
export interface RecordedFile {
  /** The name of the output in the job. */
  readonly name: string;
  /** A path, or an s3:// address; null where nothing was stored. */
  readonly file: string | null;
  readonly media_type: string;
  readonly size_bytes: number;
  readonly duration_s: number;
  readonly frames: number;
  /** Pictures that the machine had no time to draw, capture or encode: the one before is shown on for a frame longer. */
  readonly dropped_frames: number;
  readonly error: RecordingFailure | null;
}

/** What became of a job, as the queue returns it and `record --json` prints it. */
export interface RecordingResult {
  /** absent: ended before there was anything to record. failed: see error; the files hold what was saved until then. */
  readonly status: 'completed' | 'absent' | 'failed';
  readonly recording_id: string;
  readonly call_cid: string;
  /** As the job gave it. */
  readonly session_id: string | null;
  /** 1 for the first try; a job that another worker took over counts as tried once more. */
  readonly attempt: number;
  /** `file`, `size_bytes`, `duration_s`, `frames` and `dropped_frames` are those of the first output. */
  readonly file: string | null;
  readonly size_bytes: number;
  readonly duration_s: number;
  readonly frames: number;
  readonly dropped_frames: number;
  /** For how many seconds videos went into the picture as they were decoded; the browser drew them for the rest of the time. */
  readonly decoded_s: number;
  /** Every output, in the order of the job; none where it ended before they were opened. */
  readonly files: readonly RecordedFile[];
  readonly end_reason: EndReason | ErrorCode;
  /** What started the recording, and how long after the page had loaded. */
  readonly ready_signal: ReadySignal | null;
  readonly ready_after_ms: number | null;
  readonly started_at: string | null;
  readonly ended_at: string;
  readonly warnings: readonly RecordingWarning[];
  /** What is missing of the call, in the order of the recording. */
  readonly gaps: readonly RecordingGap[];
  readonly error: RecordingFailure | null;
}

/** message: our typed binding. marker: #egress-ready-for-capture. console: START_RECORDING. navigator: notifyReady(). */
export type ReadySignal = 'message' | 'marker' | 'console' | 'navigator' | 'fallback';

interface EventBase {
  readonly recording_id: string;
  readonly call_cid: string;
  readonly created_at: string;
}

/** What the world hears of a recording, in this order; progress comes once a second while it runs. */
export type RecordingEvent = EventBase &
  (
    | { readonly type: 'call.recording_phase'; readonly phase: RecordingState }
    | { readonly type: 'call.recording_started'; readonly ready_signal: ReadySignal }
    | ({ readonly type: 'call.recording_progress' } & RecordingProgress)
    | { readonly type: 'call.recording_warning'; readonly warning: RecordingWarning }
    | { readonly type: 'call.recording_stopped'; readonly end_reason: EndReason | ErrorCode }
    | { readonly type: FinalEventType; readonly result: RecordingResult }
  );

/** The one event that carries the result: by its status, completed, failed or absent. */
export type FinalEventType = 'call.recording_ready' | 'call.recording_failed' | 'call.recording_absent';

export interface RecordingProgress {
  readonly elapsed_s: number;
  readonly frames: number;
  readonly dropped_frames: number;
  /** Of all outputs together. */
  readonly size_bytes: number;
}
