import type { Outputs } from '../outputs/openOutputs.ts';
import type { Readiness } from '../watch/awaitReady.ts';
import { findWarnings } from '../watch/findWarnings.ts';
import type { Snapshot } from '../watch/snapshot.ts';
import type { Journal } from './journal.ts';
import { warnOfFailedOutputs } from './outputWarnings.ts';

const PROGRESS_EVERY_MS = 1_000;

/** At each tick, reports to the journal: the start, progress once a second, and warnings as they come up. */
export function reportWatch(
  journal: Journal,
  readiness: Readiness,
  outputs: Outputs,
): (snapshot: Snapshot) => void {
  let reportedAtMs: number | null = null;
  let current = new Set<string>();
  return (snapshot) => {
    const { begun, stats } = snapshot.capture;
    if (begun === null) return;
    if (reportedAtMs === null) reportStart(journal, readiness, begun, snapshot);
    if (reportedAtMs === null || snapshot.nowMs - reportedAtMs >= PROGRESS_EVERY_MS) {
      reportedAtMs = snapshot.nowMs;
      journal.progress({
        elapsed_s: Math.round(stats.durationS * 1000) / 1000,
        frames: stats.frames,
        dropped_frames: stats.droppedFrames,
        size_bytes: outputs.sizeBytes(),
      });
    }
    outputs.noteFailures(snapshot.capture.writerFailures);
    warnOfFailedOutputs(outputs, journal, stats.durationS);
    const findings = findWarnings(snapshot);
    for (const { code, message } of findings) {
      if (!current.has(message)) journal.warn({ code, message, at_s: stats.durationS });
    }
    current = new Set(findings.map(({ message }) => message));
  };
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
  if (begun.startsBlank) {
    journal.warn({
      code: 'picture_blank',
      message: 'The page was still one flat colour when recording started',
      at_s: 0,
    });
  }
}
