import type { Outputs } from '../outputs/createOutputs.ts';
import type { Readiness } from '../watch/awaitReady.ts';
import { findWarnings } from '../watch/findWarnings.ts';
import type { Snapshot } from '../watch/snapshot.ts';
import type { Journal } from './journal.ts';
import { createLastingWarnings } from './lastingWarnings.ts';
import { warnOfFailedOutputs } from './outputWarnings.ts';

const PROGRESS_EVERY_MS = 1_000;

/** Tells the journal what the watch sees. */
export interface WatchReport {
  /** Tells of the start, once, where the first picture has come. */
  start(snapshot: Snapshot): void;
  /** Tells of the start, of progress once a second, and of warnings as they come up. */
  tick(snapshot: Snapshot): void;
}

export function reportWatch(journal: Journal, readiness: Readiness, outputs: Outputs): WatchReport {
  let hasStarted = false;
  let reportedAtMs: number | null = null;
  const warnOfLasting = createLastingWarnings(journal);

  function start(snapshot: Snapshot): void {
    const { begun } = snapshot.capture;
    if (hasStarted || begun === null) return;
    hasStarted = true;
    reportStart(journal, readiness, begun, snapshot);
  }

  function tick(snapshot: Snapshot): void {
    const { begun, stats } = snapshot.capture;
    if (begun === null) return;
    start(snapshot);
    if (reportedAtMs === null || snapshot.nowMs - reportedAtMs >= PROGRESS_EVERY_MS) {
      reportedAtMs = snapshot.nowMs;
      journal.progress({
        elapsed_s: Math.round(stats.durationS * 1000) / 1000,
        frames: stats.frames,
        dropped_frames: stats.droppedFrames,
        size_bytes: outputs.sizeBytes(),
      });
    }
    outputs.noteFailures(snapshot.capture.encodingFailures);
    warnOfFailedOutputs(outputs, journal, stats.durationS);
    warnOfLasting(findWarnings(snapshot), stats.durationS);
  }

  return { start, tick };
}

function reportStart(
  journal: Journal,
  readiness: Readiness,
  begun: NonNullable<Snapshot['capture']['begun']>,
  { limits }: Snapshot,
): void {
  if ('ended' in readiness) return;
  journal.started(readiness.signal, readiness.afterMs, begun.atUnixMs);
  if (readiness.signal === 'fallback') {
    const message = `The page gave no readiness signal within ${limits.readyTimeoutS} s; recording started without one`;
    journal.warn({ code: 'ready_fallback', message, at_s: 0 });
  }
}
