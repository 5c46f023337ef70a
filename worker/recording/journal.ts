import type { ErrorCode } from '../../shared/events/errorCodes.ts';
import type {
  EndReason,
  ReadySignal,
  RecordingPhase,
  RecordingResult,
  RecordingWarning,
} from '../../shared/events/recordingEvents.ts';
import type { CaptureStats } from '../../shared/recorder/recorderMessages.ts';
import { callCid, type RecordingRequest } from '../../shared/request/recordingRequest.ts';
import type { PublishEvent } from '../events/publishEvents.ts';
import type { RecordingError } from '../recordingError.ts';
import { redactSecrets } from '../redactSecrets.ts';
import type { StoredFile } from '../storage/storage.ts';

/** Keeps what the result will tell, and tells each step to the world as it happens. */
export interface Journal {
  phase(phase: RecordingPhase): void;
  started(signal: ReadySignal, afterMs: number, atUnixMs: number): void;
  progress(stats: CaptureStats, sizeBytes: number): void;
  warn(warning: RecordingWarning): void;
  /** The end, in any of its three shapes; publishes call.recording_ready or _failed, and is the job's result. */
  end(outcome: {
    reason: EndReason | ErrorCode;
    stats: CaptureStats;
    file: StoredFile | null;
    error: RecordingError | null;
  }): RecordingResult;
}

/** `nowUnixMs` is the wall clock, for the times the result and the events carry. */
export function createJournal(
  request: RecordingRequest,
  publish: PublishEvent,
  nowUnixMs: () => number,
): Journal {
  const warnings: RecordingWarning[] = [];
  let start: { signal: ReadySignal; afterMs: number; at: string } | null = null;
  return {
    phase: (phase) => publish({ type: 'call.recording_phase', phase }),
    started: (signal, afterMs, atUnixMs) => {
      start = {
        signal,
        afterMs: Math.round(afterMs),
        at: new Date(atUnixMs).toISOString(),
      };
      publish({ type: 'call.recording_started', ready_signal: signal });
    },
    progress: (stats, sizeBytes) =>
      publish({
        type: 'call.recording_progress',
        elapsed_s: round(stats.durationS),
        frames: stats.frames,
        dropped_frames: stats.droppedFrames,
        size_bytes: sizeBytes,
      }),
    warn: (given) => {
      const warning = { ...given, message: redactSecrets(given.message, request) };
      warnings.push(warning);
      publish({ type: 'call.recording_warning', warning });
    },
    end: ({ reason, stats, file, error }) => {
      const result: RecordingResult = {
        status: error ? 'failed' : file ? 'completed' : 'absent',
        recording_id: request.id,
        call_cid: callCid(request.call),
        file: file?.location ?? null,
        size_bytes: file?.sizeBytes ?? 0,
        duration_s: file ? round(stats.durationS) : 0,
        end_reason: reason,
        frames: file ? stats.frames : 0,
        dropped_frames: file ? stats.droppedFrames : 0,
        ready_signal: start?.signal ?? null,
        ready_after_ms: start?.afterMs ?? null,
        started_at: start?.at ?? null,
        ended_at: new Date(nowUnixMs()).toISOString(),
        warnings,
        error: error && { code: error.code, message: redactSecrets(error.message, request) },
      };
      if (start !== null) publish({ type: 'call.recording_stopped', end_reason: reason });
      publish({
        type: error ? 'call.recording_failed' : 'call.recording_ready',
        result,
      });
      return result;
    },
  };
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
