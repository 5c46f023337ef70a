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

/** Which recording the journal is about, and how secrets are kept out of it. */
export interface JournalOf {
  readonly recordingId: string;
  readonly callCid: string;
  readonly sessionId: string | null;
  readonly attempt: number;
  /** Whether the queue tries the job again if it fails with an error that may not occur the next time. */
  readonly hasMoreAttempts: boolean;
  readonly redact: (text: string) => string;
}

/** How a recording ended. */
export interface JournalEnd {
  readonly reason: EndReason | ErrorCode;
  readonly files: readonly RecordedFile[];
  readonly error: RecordingError | null;
}

/** Collects what the result will contain, and publishes each step as it happens. */
export interface Journal {
  phase(state: RecordingState): void;
  started(signal: ReadySignal, afterMs: number, atUnixMs: number): void;
  progress(progress: RecordingProgress): void;
  warn(warning: RecordingWarning): void;
  /**
   * Call this once, at the end. It publishes the event with the result. If the attempt failed and will be
   * tried again, it publishes a warning instead, and the recording is queued again.
   */
  end(end: JournalEnd): RecordingResult;
}

/** `nowUnixMs` is the wall clock, which gives the times in the result. */
export function createJournal(of: JournalOf, publish: PublishEvent, nowUnixMs: () => number): Journal {
  const warnings: RecordingWarning[] = [];
  const state = createState((phase) => publish({ type: 'call.recording_phase', phase }));
  let start: RecordingStart | null = null;

  function warn(given: RecordingWarning): void {
    const warning = { ...given, message: of.redact(given.message) };
    warnings.push(warning);
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
