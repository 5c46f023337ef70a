import { fileTypeOf } from '../shared/encoding/encodingProfile.ts';
import type { EndReason, RecordingResult } from '../shared/events/recordingEvents.ts';
import { findIdleOptions } from '../shared/layout/resolveLayoutOptions.ts';
import { stylesheetProblem } from '../shared/layout/stylesheetProblem.ts';
import type { RecordingRequest } from '../shared/request/recordingRequest.ts';
import type { BrowserPool } from './browser/browserPool.ts';
import { NOTHING_CAPTURED } from './capture/captureState.ts';
import { type Capture, openCapture } from './capture/openCapture.ts';
import { type Cleanup, createCleanup } from './cleanup.ts';
import type { PublishEvent } from './events/publishEvents.ts';
import type { Logger } from './log.ts';
import { loadedStylesheet } from './page/loadedStylesheet.ts';
import { loadLayout } from './page/loadLayout.ts';
import { openTab, type Tab } from './page/openTab.ts';
import { externalUrls, refusePrivateUrls } from './page/refusePrivateUrls.ts';
import { createJournal, type Journal } from './recording/journal.ts';
import { asRecordingError, type RecordingError } from './recordingError.ts';
import { redactSecrets } from './redactSecrets.ts';
import { objectKey } from './storage/objectKey.ts';
import type { NewFile, Storage, StoredFile } from './storage/storage.ts';
import { awaitReady, type Readiness } from './watch/awaitReady.ts';
import { reportWatch } from './watch/reportWatch.ts';
import type { Snapshot } from './watch/snapshot.ts';
import { observeTab } from './watch/tabObservations.ts';
import { watchCall } from './watch/watchCall.ts';

/** What a recording needs from the worker around it. */
export interface RecordingDeps {
  readonly browsers: BrowserPool;
  readonly allowPrivateUrls: boolean;
  readonly layoutAppUrl: string;
  readonly storage: Storage;
  readonly publish: PublishEvent;
  readonly log: Logger;
  /** 1 for the first try of a job. */
  readonly attempt: number;
  /** Milliseconds of a clock that never jumps, and of the wall clock. */
  readonly clock: { nowMs(): number; nowUnixMs(): number };
}

/**
 * THE STORY: one call, from a validated request to a stored file and its result. Never throws: a failure is a
 * result with status `failed`, and what was recorded until then is stored. The reason of an aborted `stop`
 * signal is the end reason.
 */
export async function recordCall(
  request: RecordingRequest,
  deps: RecordingDeps,
  stop: AbortSignal,
): Promise<RecordingResult> {
  const cleanup = createCleanup(deps.log);
  const journal = createJournal(request, deps.publish, deps.clock.nowUnixMs);
  try {
    warnOfIdleOptions(request, journal);
    if (!deps.allowPrivateUrls) await refusePrivateUrls(externalUrls(request));
    const sink = await deps.storage.open(fileFor(request, deps));
    cleanup.defer('drop the unfinished file', () => sink.abort());

    const stage = await untilStopped(setStage(request, deps, journal, stop, cleanup), stop);
    if (stage === null) return journal.end({ reason: endReasonOf(stop), ...NOTHING });
    if ('ended' in stage.readiness) return journal.end({ reason: stage.readiness.ended, ...NOTHING });

    journal.phase('recording');
    await stage.capture.begin([sink]);
    warnOfBrokenTheme(request, stage.tab, journal).catch((error) =>
      deps.log.debug({ error }, 'theme not read'),
    );
    const { reason, error } = await untilItEnds(stage, reportWatch(journal, stage.readiness, sink), stop);

    journal.phase('finishing');
    const stats = await stage.capture.stop();
    // Before the first picture there is a file's header at most.
    const file = stats.durationS > 0 && sink.sizeBytes() > 0 ? await sink.finish() : null;
    return journal.end({ reason, stats, file, error });
  } catch (thrown) {
    const error = asRecordingError(thrown);
    deps.log.error({ code: error.code, reason: redactSecrets(error.message, request) }, 'recording failed');
    return journal.end({ reason: error.code, ...NOTHING, error });
  } finally {
    await cleanup.run();
  }
}

/** An option that the chosen layout does not document changes nothing; whoever set it should know. */
function warnOfIdleOptions({ layout }: RecordingRequest, journal: Journal): void {
  if (layout.name === null || layout.externalAppUrl !== null) return;
  for (const key of findIdleOptions(layout.name, layout.options)) {
    const message = `The option ${key} has no effect in the layout ${layout.name}`;
    journal.warn({ code: 'option_idle', message, at_s: null });
  }
}

/** Of what is wrong in a stylesheet, the browser says nothing. */
async function warnOfBrokenTheme({ layout }: RecordingRequest, tab: Tab, journal: Journal): Promise<void> {
  if (layout.externalCssUrl === null) return;
  const text = await loadedStylesheet(tab.page, layout.externalCssUrl);
  const problem = text === null ? null : stylesheetProblem(text);
  if (problem === null) return;
  const message = `External CSS ${layout.externalCssUrl} may not apply as it was meant: ${problem}`;
  journal.warn({ code: 'css_broken', message, at_s: 0 });
}

const NOTHING = {
  stats: NOTHING_CAPTURED,
  file: null as StoredFile | null,
  error: null as RecordingError | null,
};

interface Stage {
  readonly tab: Tab;
  readonly capture: Capture;
  readonly readiness: Readiness;
  readonly look: () => Snapshot;
}

/** Browser, tab, capture and page, up to the moment the page may be recorded. */
async function setStage(
  request: RecordingRequest,
  deps: RecordingDeps,
  journal: Journal,
  stop: AbortSignal,
  cleanup: Cleanup,
): Promise<Stage> {
  journal.phase('launching');
  const { browser, firstPage: recorderPage } = await deps.browsers.take(cleanup);
  const tab = await openTab(browser, request, deps.log);
  const observations = observeTab(tab, browser, deps.clock.nowMs, cleanup);
  const { audioOnly, encoding, limits } = request;
  const capture = await openCapture(recorderPage, tab.blankUrl, {
    audioOnly,
    picture: encoding,
    maxDurationS: limits.maxDurationS,
    encodings: [encoding],
  });
  const look = (): Snapshot => ({
    nowMs: deps.clock.nowMs(),
    tab: observations,
    capture: capture.state(),
    stopReason: stop.aborted ? endReasonOf(stop) : null,
    limits: request.limits,
  });

  journal.phase('loading');
  observations.loadedOrigin = await loadLayout(tab, request, deps.layoutAppUrl);
  journal.phase('waiting_for_ready');
  return { tab, capture, look, readiness: await awaitReady(look) };
}

/** Watches the call until there is a reason to end; a failure is one too, since what was recorded is kept. */
async function untilItEnds(stage: Stage, onTick: (snapshot: Snapshot) => void, stop: AbortSignal) {
  try {
    const reason = await watchCall(stage.look, onTick, stop);
    return { reason, error: null };
  } catch (thrown) {
    const error = asRecordingError(thrown);
    return { reason: error.code, error };
  }
}

/** Resolves to null as soon as the signal is aborted; what was under way is then ended by the cleanup. */
async function untilStopped<T>(work: Promise<T>, stop: AbortSignal): Promise<T | null> {
  work.catch(() => {}); // may fail once the cleanup has closed its browser
  if (stop.aborted) return null;
  return Promise.race([
    work,
    new Promise<null>((resolve) => stop.addEventListener('abort', () => resolve(null), { once: true })),
  ]);
}

function endReasonOf(stop: AbortSignal): EndReason {
  return stop.reason === 'worker_shutdown' ? 'worker_shutdown' : 'stopped';
}

function fileFor({ id, call, audioOnly, encoding }: RecordingRequest, deps: RecordingDeps): NewFile {
  const { extension, mediaType } = fileTypeOf(encoding, audioOnly);
  const key = objectKey({
    callType: call.type,
    callId: call.id,
    recordingId: id,
    attempt: deps.attempt,
    startedAtUnixMs: deps.clock.nowUnixMs(),
    extension,
  });
  return { key, mediaType };
}
