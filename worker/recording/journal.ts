import { ERROR_CODES, type ErrorCode } from '../../shared/events/errorCodes.ts';
import type {
  EndReason,
  ReadySignal,
  RecordedFile,
  RecordingProgress,
  RecordingResult,
  RecordingWarning,
} from '../../shared/events/recordingEvents.ts';
import type { RecordingState } from '../../shared/events/recordingState.ts';
import type { PublishEvent } from '../events/publishEvents.ts';
import type { RecordingError } from '../recordingError.ts';
import { buildResult, finalEventOf, type RecordingStart } from './buildResult.ts';
import { createState } from './recordingState.ts';

/** Whose journal it is, and what keeps secrets out of it. */
export interface JournalOf {
  readonly recordingId: string;
  readonly callCid: string;
  readonly sessionId: string | null;
  readonly attempt: number;
  /** Whether the queue tries the job again where it fails in a way that may succeed the next time. */
  readonly hasMoreAttempts: boolean;
  readonly redact: (text: string) => string;
}

/** How a recording ended. */
export interface JournalEnd {
  readonly reason: EndReason | ErrorCode;
  readonly files: readonly RecordedFile[];
  readonly error: RecordingError | null;
}

/** Keeps what the result will tell, and tells each step to the world as it happens. */
export interface Journal {
  phase(state: RecordingState): void;
  started(signal: ReadySignal, afterMs: number, atUnixMs: number): void;
  progress(progress: RecordingProgress): void;
  /** A warning with an end takes the place of the one with the same code and beginning. */
  warn(warning: RecordingWarning): void;
  /**
   * The end, once: publishes the event with the result. An attempt that failed and will be tried again is a warning
   * instead, and the recording is queued again.
   */
  end(end: JournalEnd): RecordingResult;
}

/** `nowUnixMs` is the wall clock, for the times that the result carries. */
export function createJournal(of: JournalOf, publish: PublishEvent, nowUnixMs: () => number): Journal {
  const warnings: RecordingWarning[] = [];
  const state = createState((phase) => publish({ type: 'call.recording_phase', phase }));
  let start: RecordingStart | null = null;

  function warn(given: RecordingWarning): void {
    const warning = { ...given, message: of.redact(given.message) };
    const earlier = warnings.findIndex(({ code, at_s }) => code === warning.code && at_s === warning.at_s);
    if (warning.until_s !== undefined && earlier >= 0) warnings[earlier] = warning;
    else warnings.push(warning);
    publish({ type: 'call.recording_warning', warning });
  }

  function end({ reason, files, error }: JournalEnd): RecordingResult {
    const { recordingId, callCid, sessionId, attempt } = of;
    const shown = error && { code: error.code, message: of.redact(error.message) };
    const ending = { reason, files, warnings, start, error: shown, endedAtUnixMs: nowUnixMs() };
    const result = buildResult({ recordingId, callCid, sessionId, attempt, ...ending });
    if (start !== null) publish({ type: 'call.recording_stopped', end_reason: reason });
    if (shown && of.hasMoreAttempts && ERROR_CODES[shown.code].retry) {
      warn({ code: 'attempt_failed', message: attemptFailed(attempt, shown, files), at_s: null });
      state.change('queued');
      return result;
    }
    state.change(result.status === 'completed' ? 'ready' : result.status);
    publish({ type: finalEventOf(result), result });
    return result;
  }

  return {
    phase: (phase) => void state.change(phase),
    started: (signal, afterMs, atUnixMs) => {
      start = { signal, afterMs: Math.round(afterMs), at: new Date(atUnixMs).toISOString() };
      publish({ type: 'call.recording_started', ready_signal: signal });
    },
    progress: (progress) => publish({ type: 'call.recording_progress', ...progress }),
    warn,
    end,
  };
}

function attemptFailed(
  attempt: number,
  error: { readonly code: ErrorCode; readonly message: string },
  files: readonly RecordedFile[],
): string {
  const kept = files.flatMap(({ file }) => file ?? []);
  const keeps = kept.length > 0 ? `; what it recorded is kept at ${kept.join(', ')}` : '';
  return `Attempt ${attempt} failed and the job will be tried again: ${error.code}: ${error.message}${keeps}`;
}
