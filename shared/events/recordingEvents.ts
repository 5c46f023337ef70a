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

/**
 * What a pause leaves in the file. skip: nothing, so the file goes on with the moment in which the pause ended. silence:
 * its time, with the picture before it and without sound.
 */
export const PAUSE_MODES = ['skip', 'silence'] as const;
export type PauseMode = (typeof PAUSE_MODES)[number];

/** A time in which nothing was recorded, because somebody asked for that. */
export interface RecordingPause {
  /**
   * Where it is in the file, in seconds of the recording: both are the same where it was skipped. `until_s` is null while
   * it lasts, and where the recording ended in it.
   */
  readonly from_s: number;
  readonly until_s: number | null;
  /** For how long nothing was recorded, by the clock; null as long as `until_s` is. */
  readonly lasted_s: number | null;
  readonly mode: PauseMode;
  readonly paused_at: string;
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

/** A file of a transcript, as it was stored. */
export interface TranscriptFile {
  /** vtt: WebVTT, for players. json: texts with their times, and the language. */
  readonly format: 'vtt' | 'json';
  /** A path, or an address such as s3://bucket/key. */
  readonly file: string;
  readonly media_type: string;
  readonly size_bytes: number;
}

/** What was said in a recording, written down by a service after the recording was stored. */
export interface RecordedTranscript {
  readonly status: 'waiting' | 'ready' | 'failed';
  /** Both once it is ready, otherwise none. */
  readonly files: readonly TranscriptFile[];
  /** As the service told it; null where it told none. */
  readonly language: string | null;
  /** Why it has failed, or why it is late: then the service is asked again. */
  readonly error: string | null;
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
  /**
   * null where the job asked for none, or where nothing was recorded. It is `waiting` when the recording ends; what became
   * of it is told by events, and is in the record.
   */
  readonly transcript: RecordedTranscript | null;
  readonly end_reason: EndReason | ErrorCode;
  /** What started the recording, and how long after the page had loaded. */
  readonly ready_signal: ReadySignal | null;
  readonly ready_after_ms: number | null;
  readonly started_at: string | null;
  readonly ended_at: string;
  readonly warnings: readonly RecordingWarning[];
  /** What is missing of the call, in the order of the recording. */
  readonly gaps: readonly RecordingGap[];
  /** When nobody wanted it recorded, in the order of the recording. */
  readonly pauses: readonly RecordingPause[];
  readonly error: RecordingFailure | null;
}

/** message: our typed binding. marker: #egress-ready-for-capture. console: START_RECORDING. navigator: notifyReady(). */
export type ReadySignal = 'message' | 'marker' | 'console' | 'navigator' | 'fallback';

interface EventBase {
  readonly recording_id: string;
  readonly call_cid: string;
  readonly created_at: string;
}

/** What the world hears of a recording, in this order, and then of its transcript; progress comes once a second while it runs. */
export type RecordingEvent = EventBase &
  (
    | {
        readonly type: 'call.recording_phase';
        readonly phase: RecordingState;
        /** All pauses so far, where the recording was paused or goes on after a pause. */
        readonly pauses?: readonly RecordingPause[];
      }
    | { readonly type: 'call.recording_started'; readonly ready_signal: ReadySignal }
    | ({ readonly type: 'call.recording_progress' } & RecordingProgress)
    | { readonly type: 'call.recording_warning'; readonly warning: RecordingWarning }
    | { readonly type: 'call.recording_stopped'; readonly end_reason: EndReason | ErrorCode }
    | { readonly type: FinalEventType; readonly result: RecordingResult }
    | { readonly type: TranscriptEventType; readonly transcript: RecordedTranscript }
  );

/**
 * What is told of a transcript, after the event with the result: that the sound goes to the service, that the service has
 * failed and is asked again (told once), and what became of it.
 */
export type TranscriptEventType =
  | 'call.transcription_started'
  | 'call.transcription_delayed'
  | 'call.transcription_ready'
  | 'call.transcription_failed';

/** The one event that carries the result: by its status, completed, failed or absent. */
export type FinalEventType = 'call.recording_ready' | 'call.recording_failed' | 'call.recording_absent';

export interface RecordingProgress {
  readonly elapsed_s: number;
  readonly frames: number;
  readonly dropped_frames: number;
  /** Of all outputs together. */
  readonly size_bytes: number;
}
