import type { WarningCode } from '../page/pageMessages.ts';
import type { ErrorCode } from './errorCodes.ts';

/** Why a recording ended without an error; the first reason wins. */
export type EndReason = 'stopped' | 'call_ended' | 'max_duration' | 'call_empty' | 'worker_shutdown';

/** Something a person should know of although the recording goes on. Times are seconds into the recording. */
export interface RecordingWarning {
  readonly code:
    | 'ready_fallback'
    | WarningCode
    | 'css_broken'
    | 'picture_blank'
    | 'page_slow'
    | 'option_idle';
  readonly message: string;
  readonly at_s: number | null;
}

/** What became of a job, as the queue returns it and `record --json` prints it. */
export interface RecordingResult {
  /** absent: ended before there was anything to record. failed: see error; file holds what was saved until then. */
  readonly status: 'completed' | 'absent' | 'failed';
  readonly recording_id: string;
  readonly call_cid: string;
  /** A path, or an s3:// address; null where nothing was stored. */
  readonly file: string | null;
  readonly size_bytes: number;
  readonly duration_s: number;
  readonly end_reason: EndReason | ErrorCode;
  /** Frames in the file. */
  readonly frames: number;
  /** Pictures that the machine had no time to draw, capture or encode: the one before is shown on for a frame longer. */
  readonly dropped_frames: number;
  /** What started the recording, and how long after the page had loaded. */
  readonly ready_signal: ReadySignal | null;
  readonly ready_after_ms: number | null;
  readonly started_at: string | null;
  readonly ended_at: string;
  readonly warnings: readonly RecordingWarning[];
  readonly error: { readonly code: ErrorCode; readonly message: string } | null;
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
    | { readonly type: 'call.recording_phase'; readonly phase: RecordingPhase }
    | {
        readonly type: 'call.recording_started';
        readonly ready_signal: ReadySignal;
      }
    | ({ readonly type: 'call.recording_progress' } & RecordingProgress)
    | {
        readonly type: 'call.recording_warning';
        readonly warning: RecordingWarning;
      }
    | {
        readonly type: 'call.recording_stopped';
        readonly end_reason: EndReason | ErrorCode;
      }
    | {
        readonly type: 'call.recording_ready';
        readonly result: RecordingResult;
      }
    | {
        readonly type: 'call.recording_failed';
        readonly result: RecordingResult;
      }
  );

export type RecordingPhase = 'launching' | 'loading' | 'waiting_for_ready' | 'recording' | 'finishing';

export interface RecordingProgress {
  readonly elapsed_s: number;
  readonly frames: number;
  readonly dropped_frames: number;
  readonly size_bytes: number;
}
