import type { PictureCounts } from '../../shared/recorder/recorderMessages.ts';
import type { Outputs } from '../outputs/createOutputs.ts';
import type { Readiness } from '../watch/awaitReady.ts';
import { findWarnings } from '../watch/findWarnings.ts';
import type { Snapshot } from '../watch/snapshot.ts';
import { type Journal, openPause } from './journal.ts';
import type { ManifestKeeper } from './keepManifest.ts';
import { createLastingWarnings } from './lastingWarnings.ts';
import { warnOfFailedOutputs } from './outputWarnings.ts';

const PROGRESS_EVERY_MS = 1_000;

/** Tells the journal and the manifest what the watch sees, over all segments of a recording. */
export interface WatchReport {
  /** A segment is about to begin. */
  segment(readiness: Readiness): void;
  /** Tells of the start, or that the recording goes on, once in a segment, where its first picture has come. */
  start(snapshot: Snapshot): void;
  /** Tells of the start, of progress once a second, and of warnings as they come up. */
  tick(snapshot: Snapshot): void;
  /** The same while the recording is paused: nothing proceeds, and what is amiss in the picture is not in the file. */
  tickPaused(snapshot: Snapshot): void;
}

export function reportWatch(given: {
  readonly journal: Journal;
  readonly outputs: Outputs;
  readonly manifest: ManifestKeeper;
}): WatchReport {
  const { journal, outputs, manifest } = given;
  let begins: Readiness | null = null;
  let reportedAtMs: number | null = null;
  let suspensions = 0;
  const warnOfLasting = createLastingWarnings(journal);

  function start(snapshot: Snapshot): void {
    const { begun } = snapshot.capture;
    if (begins === null || begun === null) return;
    const readiness = begins;
    begins = null;
    journal.resumed(begun.fromS);
    manifest.begun(begun.startMonotonicMs);
    endPause(given, begun);
    journal.phase('recording'); // one that was paused before its first picture
    if (journal.soFar().start === null) reportStart(given, readiness, snapshot);
    void manifest.save();
  }

  function reportSuspensions({ capture }: Snapshot): void {
    for (const { fromS, untilS } of capture.suspensions.slice(suspensions)) {
      journal.interrupted(fromS, 'the machine was suspended');
      journal.resumed(untilS);
    }
    suspensions = capture.suspensions.length;
  }

  function tick(snapshot: Snapshot): void {
    const { begun, stats } = snapshot.capture;
    if (begun === null) return;
    start(snapshot);
    reportSuspensions(snapshot);
    if (reportedAtMs === null || snapshot.nowMs - reportedAtMs >= PROGRESS_EVERY_MS) {
      reportedAtMs = snapshot.nowMs;
      const before = manifest.told().encodings[0];
      journal.progress({
        elapsed_s: Math.round(stats.durationS * 1000) / 1000,
        ...toldCounts(before, stats),
        size_bytes: outputs.sizeBytes(),
      });
    }
    if (snapshot.capture.failure === null) outputs.noteFailures(snapshot.capture.encodingFailures);
    warnOfFailedOutputs(outputs, journal, stats.durationS);
    warnOfLasting(findWarnings(snapshot), stats.durationS);
    manifest.tick(snapshot.nowMs);
  }

  function tickPaused({ nowMs, capture }: Snapshot): void {
    const atS = manifest.told().durationS;
    if (capture.failure === null) outputs.noteFailures(capture.encodingFailures);
    warnOfFailedOutputs(outputs, journal, atS);
    warnOfLasting([], atS);
    manifest.tick(nowMs);
  }

  return {
    tickPaused,
    segment: (readiness) => {
      begins = readiness;
      suspensions = 0;
    },
    start,
    tick,
  };
}

/** The first picture after a pause is in. */
function endPause(
  { journal, manifest }: { readonly journal: Journal; readonly manifest: ManifestKeeper },
  { fromS, startMonotonicMs }: NonNullable<Snapshot['capture']['begun']>,
): void {
  const pause = openPause(journal.soFar());
  if (pause === null) return;
  const lastedS = pause.mode === 'skip' ? manifest.skipped(startMonotonicMs) : fromS - pause.fromS;
  journal.unpaused(fromS, lastedS);
}

function toldCounts(before: PictureCounts | undefined, now: PictureCounts) {
  return {
    frames: (before?.frames ?? 0) + now.frames,
    dropped_frames: (before?.droppedFrames ?? 0) + now.droppedFrames,
  };
}

function reportStart(
  { journal, manifest }: { readonly journal: Journal; readonly manifest: ManifestKeeper },
  readiness: Readiness,
  { limits }: Snapshot,
): void {
  const startedAt = manifest.startedAt();
  if ('ended' in readiness || startedAt === null) return;
  journal.started(readiness.signal, readiness.afterMs, startedAt.unixMs);
  if (readiness.signal === 'fallback') {
    const message = `The page gave no readiness signal within ${limits.readyTimeoutS} s; recording started without one`;
    journal.warn({ code: 'ready_fallback', message, at_s: 0 });
  }
}
