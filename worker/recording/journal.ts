import { ERROR_CODES, type ErrorCode } from '../../shared/events/errorCodes.ts';
import type {
  EndReason,
  PauseMode,
  ReadySignal,
  RecordedFile,
  RecordingProgress,
  RecordingResult,
  RecordingWarning,
} from '../../shared/events/recordingEvents.ts';
import type { RecordingState } from '../../shared/events/recordingState.ts';
import type { PublishEvent } from '../events/publishEvents.ts';
import type { RecordingError } from '../recordingError.ts';
import {
  buildResult,
  finalEventOf,
  type Gap,
  type Pause,
  type RecordingStart,
  wirePause,
} from './buildResult.ts';
import { createState } from './recordingState.ts';

/** A result with more warnings is of no use to anybody, and a page can bring about one every second. */
const MOST_WARNINGS = 500;
/** These say what is in the files, and there are few of them. */
const ALWAYS_TOLD: readonly RecordingWarning['code'][] = [
  'recording_interrupted',
  'output_failed',
  'attempt_failed',
];

/** Which recording the journal is about, and how secrets are kept out of it. */
export interface JournalOf {
  readonly recordingId: string;
  readonly callCid: string;
  readonly sessionId: string | null;
  readonly attempt: number;
  /** Whether the queue tries the job again where it fails in a way that may succeed the next time. */
  readonly mayTryAgain: () => boolean;
  readonly redact: (text: string) => string;
  /** Whether what is said in the recording is to be written down; no unless given. */
  readonly isTranscribed?: boolean;
}

/** How a recording ended. */
export interface JournalEnd {
  readonly reason: EndReason | ErrorCode;
  readonly files: readonly RecordedFile[];
  readonly error: RecordingError | null;
  /** When the recording ended, where that was before its files were delivered. */
  readonly endedAtUnixMs?: number;
}

/** What is known of a recording before it has ended. */
export interface JournalSoFar {
  readonly start: RecordingStart | null;
  readonly warnings: readonly RecordingWarning[];
  readonly gaps: readonly Gap[];
  readonly pauses: readonly Pause[];
  /** For how many seconds of the segments that are complete videos went into the picture as they were decoded. */
  readonly decodedS: number;
}

/** Collects what the result will contain, and publishes each step as it happens. */
export interface Journal {
  phase(state: RecordingState): void;
  started(signal: ReadySignal, afterMs: number, atUnixMs: number): void;
  progress(progress: RecordingProgress): void;
  /** A warning with an end takes the place of the one with the same code and beginning. */
  warn(warning: RecordingWarning): void;
  /** Notes that nothing is recorded from this second on, and warns of it. */
  interrupted(fromS: number, why: string): void;
  /** Notes that the recording goes on after it was interrupted, and completes the warning. */
  resumed(untilS: number): void;
  /** Notes that the recording is paused from this second on, unless it is known to be paused. */
  paused(fromS: number, mode: PauseMode): void;
  /** Notes that the recording goes on after a pause, at this second, and how long the pause lasted by the clock. */
  unpaused(untilS: number, lastedS: number): void;
  /** Notes that videos went into the picture as they were decoded, for so many seconds. */
  decoded(seconds: number): void;
  soFar(): JournalSoFar;
  /** A text as it is told: without secrets. */
  redacted(text: string): string;
  /** Goes on with what another worker has collected and told. */
  goOn(soFar: JournalSoFar): void;
  /**
   * Ends the recording, and publishes the event with the result. An attempt that failed and will be tried again is a
   * warning instead, and the recording is queued again; so is one that another worker has taken over. Of one that is
   * handed over nothing is told. Nothing is told after the end.
   */
  end(end: JournalEnd): RecordingResult;
}

/** `nowUnixMs` is the wall clock, which gives the times in the result. */
export function createJournal(of: JournalOf, publish: PublishEvent, nowUnixMs: () => number): Journal {
  const warnings: RecordingWarning[] = [];
  const gaps: Gap[] = [];
  const pauses: Pause[] = [];
  const state = createState((phase) =>
    tell({ type: 'call.recording_phase', phase, ...(tellsPauses && { pauses: pauses.map(wirePause) }) }),
  );
  let tellsPauses = false;
  let start: RecordingStart | null = null;
  let decodedS = 0;

  let hasEnded = false;

  function tell(event: Parameters<PublishEvent>[0]): void {
    if (!hasEnded) publish(event);
  }

  function warn(given: RecordingWarning): void {
    if (hasEnded || (warnings.length >= MOST_WARNINGS && !ALWAYS_TOLD.includes(given.code))) return;
    const warning = { ...given, message: of.redact(given.message) };
    const earlier = warnings.findIndex(({ code, at_s }) => code === warning.code && at_s === warning.at_s);
    if (warning.until_s !== undefined && earlier >= 0) warnings[earlier] = warning;
    else warnings.push(warning);
    tell({ type: 'call.recording_warning', warning });
  }

  function end({ reason, files, error, endedAtUnixMs = nowUnixMs() }: JournalEnd): RecordingResult {
    const { recordingId, callCid, sessionId, attempt, isTranscribed = false } = of;
    if (hasEnded)
      throw new Error(`The recording ${recordingId} has ended already; it cannot end as ${reason}`);
    const shown = error && { code: error.code, message: of.redact(error.message) };
    const ending = {
      reason,
      files,
      warnings: [...warnings],
      gaps: [...gaps],
      pauses: [...pauses],
      decodedS,
      start,
      error: shown,
      endedAtUnixMs,
      isTranscribed,
    };
    const result = buildResult({ recordingId, callCid, sessionId, attempt, ...ending });
    if (reason === 'taken_over' || reason === 'handed_over') {
      if (reason === 'taken_over')
        warn({ code: 'attempt_failed', message: takenOver(attempt, files), at_s: null });
      hasEnded = true;
      return result;
    }
    if (start !== null) tell({ type: 'call.recording_stopped', end_reason: reason });
    if (shown && of.mayTryAgain() && ERROR_CODES[shown.code].retry) {
      warn({ code: 'attempt_failed', message: attemptFailed(attempt, shown, files), at_s: null });
      state.change('queued');
      hasEnded = true;
      return result;
    }
    state.change(result.status === 'completed' ? 'ready' : result.status);
    tell({ type: finalEventOf(result), result });
    hasEnded = true;
    return result;
  }

  return {
    phase: (phase) => void state.change(phase),
    started: (signal, afterMs, atUnixMs) => {
      start = { signal, afterMs: Math.round(afterMs), at: new Date(atUnixMs).toISOString() };
      tell({ type: 'call.recording_started', ready_signal: signal });
    },
    progress: (progress) => tell({ type: 'call.recording_progress', ...progress }),
    warn,
    interrupted: (fromS, why) => {
      const gap = { fromS: rounded(fromS), untilS: null, why: of.redact(why) };
      gaps.push(gap);
      warn(interruption(gap));
    },
    resumed: (untilS) => {
      const gap = gaps.at(-1);
      if (gap === undefined || gap.untilS !== null) return;
      const closed = { ...gap, untilS: Math.max(gap.fromS, rounded(untilS)) };
      gaps[gaps.length - 1] = closed;
      warn(interruption(closed));
    },
    paused: (fromS, mode) => {
      if (pauses.at(-1)?.untilS !== null)
        pauses.push({ fromS: rounded(fromS), untilS: null, lastedS: null, mode, fromUnixMs: nowUnixMs() });
      tellsPauses = true;
      state.change('paused');
      tellsPauses = false;
    },
    unpaused: (untilS, lastedS) => {
      const pause = pauses.at(-1);
      if (pause === undefined || pause.untilS !== null) return;
      const closed = { untilS: Math.max(pause.fromS, rounded(untilS)), lastedS: rounded(lastedS) };
      pauses[pauses.length - 1] = { ...pause, ...closed };
      tellsPauses = true;
      state.change('recording');
      tellsPauses = false;
    },
    decoded: (seconds) => {
      decodedS = rounded(decodedS + seconds);
    },
    soFar: () => ({ start, warnings: [...warnings], gaps: [...gaps], pauses: [...pauses], decodedS }),
    redacted: of.redact,
    goOn: (soFar) => {
      start = soFar.start;
      warnings.push(...soFar.warnings);
      gaps.push(...soFar.gaps);
      pauses.push(...(soFar.pauses ?? [])); // an older worker does not tell
      decodedS = soFar.decodedS ?? 0; // an older worker does not tell
    },
    end,
  };
}

function interruption({ fromS, untilS, why }: Gap): RecordingWarning {
  const times =
    untilS === null
      ? `from ${fromS} s on`
      : `from ${fromS} s to ${untilS} s, for ${rounded(untilS - fromS)} s`;
  const message = `Nothing was recorded ${times}: ${why}`;
  const base = { code: 'recording_interrupted', message, at_s: fromS } as const;
  return untilS === null ? base : { ...base, until_s: untilS };
}

/** The pause that lasts; null where the recording is not paused. */
export function openPause({ pauses }: Pick<JournalSoFar, 'pauses'>): Pause | null {
  const last = pauses?.at(-1); // the manifest of an older worker has none
  return last?.untilS === null ? last : null;
}

/** To a thousandth of a second. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

function attemptFailed(
  attempt: number,
  error: { readonly code: ErrorCode; readonly message: string },
  files: readonly RecordedFile[],
): string {
  const told = `${error.code}: ${error.message}${whereKept(files)}`;
  return `Attempt ${attempt} failed and the job will be tried again: ${told}`;
}

function takenOver(attempt: number, files: readonly RecordedFile[]): string {
  return `Attempt ${attempt} ended because another worker has taken the job over${whereKept(files)}`;
}

function whereKept(files: readonly RecordedFile[]): string {
  const kept = files.flatMap(({ file }) => file ?? []);
  return kept.length > 0 ? `; what it recorded is kept at ${kept.join(', ')}` : '';
}
