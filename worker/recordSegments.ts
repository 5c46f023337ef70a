import { setTimeout as wait } from 'node:timers/promises';
import type { ErrorCode } from '../shared/events/errorCodes.ts';
import type { EndReason } from '../shared/events/recordingEvents.ts';
import type { RecordingRequest } from '../shared/request/recordingRequest.ts';
import { type Cleanup, createCleanup } from './cleanup.ts';
import { type OpenCall, type OpenCallDeps, openCall } from './openCall.ts';
import type { OpenCallAhead } from './openCallAhead.ts';
import type { Outputs } from './outputs/createOutputs.ts';
import type { LayoutInUse } from './page/layoutInUse.ts';
import type { Tab } from './page/openTab.ts';
import { createPageReport } from './recording/createPageReport.ts';
import { type Journal, openPause } from './recording/journal.ts';
import type { ManifestKeeper } from './recording/keepManifest.ts';
import { endLastingWarnings } from './recording/lastingWarnings.ts';
import type { LastPicture } from './recording/lastPicture.ts';
import { warnOfBrokenTheme } from './recording/layoutWarnings.ts';
import { endOfShortest, isInterrupted, noteInterruption } from './recording/noteInterruption.ts';
import { notePause } from './recording/notePause.ts';
import type { Pausing } from './recording/pausing.ts';
import { reportWatch } from './recording/reportWatch.ts';
import { asRecordingError, type RecordingError } from './recordingError.ts';
import { createTries } from './watch/createTries.ts';
import { endAfter } from './watch/endAfter.ts';
import { lostAtS } from './watch/lostAtS.ts';
import { mayRecover } from './watch/mayRecover.ts';
import type { Snapshot } from './watch/snapshot.ts';
import { endReasonOf, isLeft, untilStopped } from './watch/untilStopped.ts';
import type { Usage } from './watch/usage.ts';
import { type WatchedCall, watchCall, watchPaused } from './watch/watchCall.ts';

/** Why the recording of a call has ended. */
export interface CallEnd {
  readonly reason: EndReason | ErrorCode;
  readonly error: RecordingError | null;
}

interface SegmentEnd extends CallEnd {
  /** Whether the recording may go on in a new browser. */
  readonly mayGoOn: boolean;
  /** Since which second of the recording the call was no longer in the picture, where that was noticed only later. */
  readonly lostAtS: number | null;
}

/** After so many failures of the capture, or one before the first picture, the browser draws the videos, whatever the job asks for. */
const DRAWN_AFTER_FAILURES = 2;

/** What all segments of a recording share. */
interface Recording {
  /** Closes the browsers of a recording that goes on elsewhere: the other worker must not wait for that. */
  readonly cleanup: Cleanup;
  readonly request: RecordingRequest;
  readonly deps: OpenCallDeps & {
    readonly journal: Journal;
    /** The call of the first segment, where it was opened before this worker had the recording. */
    readonly ahead: OpenCallAhead | null;
    readonly layout: LayoutInUse;
    uses(usage: Usage): void;
    readonly pausing: Pausing;
    readonly lastPicture: LastPicture;
  };
  readonly outputs: Outputs;
  readonly manifest: ManifestKeeper;
  readonly stop: AbortSignal;
}

/**
 * The story of a call that is recorded: segment after segment, each in a browser of its own, until there is a
 * reason to end. What fails in the middle of a recording is a gap, and the next segment goes on in the same
 * files. After three tries within a minute, or three in a row without a picture, it ends
 * with the last failure. A failure before the first picture is the end, unless the page was to compose its pictures: then
 * there is another try, in which the tab is captured. Resolves once every browser is closed, and never rejects.
 */
export async function recordSegments(recording: Recording): Promise<CallEnd> {
  const { request, deps, outputs, manifest, stop, cleanup: later } = recording;
  const tries = createTries();
  const recordSegment = segmentRecorder(recording);
  const closing: Promise<void>[] = [];
  if (manifest.startedAt() !== null) {
    noteInterruption(deps.journal, outputs, request, 'the worker was lost');
    endLastingWarnings(deps.journal, endOfShortest(outputs, request));
  }
  try {
    for (;;) {
      const cleanup = createCleanup(deps.log);
      const end = await recordSegment(cleanup);
      // The old browser is closed while the new one is opened.
      closing.push(cleanup.run());
      const hadPicture = !isInterrupted(deps.journal);
      if (end.error && end.mayGoOn && manifest.startedAt() !== null) {
        const why = `${end.error.code}: ${end.error.message}`;
        noteInterruption(deps.journal, outputs, request, why, end.lostAtS);
      }
      // A stop may have come while the segment that failed was being ended.
      const last = end.mayGoOn && stop.aborted ? endedWith(endReasonOf(stop)) : end;
      if (isLeft(last.reason)) later.defer('close the browsers', () => Promise.all(closing.splice(0)));
      if (!last.mayGoOn) return last;
      const waitMs = tries.next(deps.clock.nowMs(), hadPicture);
      if (waitMs === null) return end;
      void manifest.save(); // the recording does not wait for it
      await wait(waitMs, undefined, { signal: stop }).catch(() => {});
    }
  } finally {
    await Promise.all(closing);
  }
}

/** Makes the function that records the next segment. It never rejects. */
function segmentRecorder(recording: Recording): (cleanup: Cleanup) => Promise<SegmentEnd> {
  const { request, deps, outputs, manifest, stop } = recording;
  const { journal, log, pausing } = deps;
  const report = reportWatch({ journal, outputs, manifest });
  const reportPage = createPageReport(journal, () => (manifest.startedAt() ? manifest.elapsedS() : null));
  let { ahead } = deps;
  let captureFailures = 0;

  async function recordSegment(cleanup: Cleanup): Promise<SegmentEnd> {
    const videos = manifest.draws() ? 'drawn' : request.videos;
    const given = { ...recording, request: { ...request, videos } };
    const opened = await openNext(given, ahead, reportPage, cleanup);
    ahead = null;
    if ('reason' in opened) return opened;
    const { capture, readiness, look } = opened;
    if ('ended' in readiness) return endedWith(readiness.ended);
    for (let isPaused = pausing.now() !== null; ; isPaused = true) {
      const endInPause = isPaused ? await whilePaused(opened) : null;
      if (endInPause !== null) return endInPause;
      if (openPause(journal.soFar()) === null) journal.phase('recording');
      report.segment(readiness);
      const end = await recordUntilEnd(opened, videos === 'decoded');
      const stats = await (end === null ? capture.pause() : capture.stop());
      report.start(look()); // the first picture may have come while the segment was being ended
      const { failure, encodingFailures } = capture.state();
      if (failure?.code === 'capture_failed' || end?.reason === 'capture_failed')
        captureFailures += manifest.startedAt() === null ? DRAWN_AFTER_FAILURES : 1;
      if (captureFailures >= DRAWN_AFTER_FAILURES) manifest.drawFromNowOn();
      if (failure === null) outputs.noteFailures(encodingFailures);
      manifest.segmentEnded(stats, failure === null);
      journal.decoded(stats.decodedS);
      if (end === null && failure === null) continue;
      if (end === null) {
        pauseHere(); // what is missing from now on is not the failure's
        return failedWith(failure as RecordingError, manifest.startedAt() !== null);
      }
      const isLost = end.error === null && failure !== null && !isLeft(end.reason);
      return isLost ? failedWith(failure, false) : end;
    }
  }

  /** Resolves to null once the recording is to go on, which may be at once. The page stays in the call. */
  async function whilePaused({ capture, look }: OpenCall): Promise<SegmentEnd | null> {
    try {
      await capture.pause();
      pauseHere();
      const isFull = () => manifest.elapsedS() >= request.limits.maxDurationS;
      for (;;) {
        const watched: WatchedCall = { look, onTick: report.tickPaused, stop, change: pausing.change() };
        const reason = pausing.now() === null ? null : await watchPaused(watched, isFull);
        if (reason !== null) return endedWith(reason);
        if (pausing.now() === null) break;
      }
      await capture.resume();
      return null;
    } catch (thrown) {
      const error = asRecordingError(thrown);
      return failedWith(error, manifest.startedAt() !== null && mayRecover(error.code, look().tab));
    }
  }

  /** A recording that has no picture yet has nothing to leave out. */
  function pauseHere(): void {
    const startedAt = manifest.startedAt();
    if (startedAt === null) journal.phase('paused');
    else {
      const askedAtS = (pausing.changedAtMs() - startedAt.monotonicMs) / 1000;
      notePause(journal, outputs, request, { mode: pausing.lastMode(), askedAtS });
    }
    void manifest.save();
  }

  /**
   * Resolves to null where the recording is to be paused. A page that was to compose its pictures, and gave none, may still
   * be captured as the browser draws it.
   */
  async function recordUntilEnd(
    { tab, capture, look }: OpenCall,
    mayCompose: boolean,
  ): Promise<SegmentEnd | null> {
    const change = pausing.change();
    if (pausing.now() !== null) return null;
    try {
      const startedAt = manifest.startedAt();
      const written = outputs.goesOnFrom();
      const afterPause = openPause(journal.soFar())?.mode ?? null;
      const continues = startedAt && { startMonotonicMs: startedAt.monotonicMs, afterPause, written };
      await capture.begin(outputs.beginSegment(), continues, change);
      if (startedAt === null)
        warnOfBrokenTheme(request, tab, journal).catch((error) => log.debug({ error }, 'theme not read'));
      else deps.browsers.refill();
      const onTick = (seen: Snapshot) => {
        report.tick(seen);
        deps.uses(seen.usage);
      };
      deps.lastPicture.comesFrom(capture.picture);
      const reason = await watchCall({ look, onTick, stop, change });
      return reason && endedWith(reason);
    } catch (thrown) {
      const error = asRecordingError(thrown);
      const seen = look();
      const mayGoOn =
        manifest.startedAt() === null
          ? mayCompose && error.code === 'capture_failed'
          : mayRecover(error.code, seen.tab);
      return { ...failedWith(error, mayGoOn), lostAtS: lostAtS(error.code, seen) };
    } finally {
      deps.lastPicture.comesFrom(null);
    }
  }

  return recordSegment;
}

/** Opens the call for the next segment, unless there is a reason to end before it is open. */
async function openNext(
  { request, deps, outputs, manifest, stop }: Recording,
  ahead: OpenCallAhead | null,
  reportPage: (tab: Tab) => void,
  cleanup: Cleanup,
): Promise<OpenCall | SegmentEnd> {
  const startedAt = manifest.startedAt();
  const remainingMs = (request.limits.maxDurationS - manifest.elapsedS()) * 1000;
  const ending = endAfter(stop, startedAt === null ? Number.POSITIVE_INFINITY : remainingMs);
  const { start } = deps.journal.soFar();
  const { layout } = deps;
  const given = { encodings: outputs.encodings, start, reportPage, stop, layout };
  const open = () =>
    ahead ? ahead.take({ reportPage, stop, cleanup, layout }) : openCall(request, deps, given, cleanup);
  try {
    const opened = await untilStopped(open, ending.signal);
    return opened ?? endedWith(endReasonOf(ending.signal));
  } catch (thrown) {
    return failedWith(asRecordingError(thrown), startedAt !== null);
  } finally {
    ending.forget();
  }
}

function endedWith(reason: EndReason): SegmentEnd {
  return { reason, error: null, mayGoOn: false, lostAtS: null };
}

function failedWith(error: RecordingError, mayGoOn: boolean): SegmentEnd {
  return { reason: error.code, error, mayGoOn, lostAtS: null };
}
