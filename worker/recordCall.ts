import { fileTypeOf } from '../shared/encoding/encodingProfile.ts';
import type { EndReason, RecordingResult } from '../shared/events/recordingEvents.ts';
import type { OutputRequest, RecordingRequest } from '../shared/request/recordingRequest.ts';
import type { BrowserPool } from './browser/browserPool.ts';
import { type Capture, openCapture } from './capture/openCapture.ts';
import { type Cleanup, createCleanup } from './cleanup.ts';
import type { Logger } from './log.ts';
import type { Outputs } from './outputs/createOutputs.ts';
import { openOutputs } from './outputs/openOutputs.ts';
import { loadLayout } from './page/loadLayout.ts';
import { openTab, type Tab } from './page/openTab.ts';
import { externalUrls, refusePrivateUrls } from './page/refusePrivateUrls.ts';
import type { Journal } from './recording/journal.ts';
import { warnOfBrokenTheme, warnOfIdleOptions } from './recording/layoutWarnings.ts';
import { warnOfFailedOutputs } from './recording/outputWarnings.ts';
import { reportPage } from './recording/reportPage.ts';
import { reportWatch } from './recording/reportWatch.ts';
import { endWith, endWithout, storeFiles } from './recording/storeFiles.ts';
import { asRecordingError } from './recordingError.ts';
import { objectKey } from './storage/objectKey.ts';
import type { NewFile, Storage } from './storage/storage.ts';
import { awaitReady, type Readiness } from './watch/awaitReady.ts';
import type { Snapshot } from './watch/snapshot.ts';
import { observeTab } from './watch/tabObservations.ts';
import { watchCall } from './watch/watchCall.ts';

/** What a recording needs from the worker around it. */
export interface RecordingDeps {
  readonly browsers: BrowserPool;
  readonly allowPrivateUrls: boolean;
  readonly layoutAppUrl: string;
  readonly openStorage: (output: Pick<OutputRequest, 'storage' | 'backup'>) => Promise<Storage>;
  readonly journal: Journal;
  /** 1 for the first try of a job. */
  readonly attempt: number;
  readonly log: Logger;
  /** Both in milliseconds: a clock that never jumps, and the wall clock. */
  readonly clock: { nowMs(): number; nowUnixMs(): number };
}

/**
 * The story of a recording: one call, from a validated request to its stored files and its result. Never
 * throws: a failure is a result with status `failed`, and what was recorded before it is stored. If the
 * `stop` signal is aborted, its reason is the end reason.
 */
export async function recordCall(
  request: RecordingRequest,
  deps: RecordingDeps,
  stop: AbortSignal,
): Promise<RecordingResult> {
  const { journal, log } = deps;
  const cleanup = createCleanup(log);
  try {
    warnOfIdleOptions(request, journal);
    const outputs = await untilStopped(() => openStorages(request, deps, cleanup), stop);
    if (outputs === null) return journal.end({ reason: endReasonOf(stop), files: [], error: null });
    warnOfFailedOutputs(outputs, journal);

    const opened = await untilStopped(() => openCall(request, deps, outputs, stop, cleanup), stop);
    if (opened === null) return await endWithout(journal, endReasonOf(stop), outputs);
    if ('ended' in opened.readiness) return await endWithout(journal, opened.readiness.ended, outputs);

    journal.phase('recording');
    await opened.capture.begin(outputs.beginSegment());
    const report = reportWatch(journal, opened.readiness, outputs);
    warnOfBrokenTheme(request, opened.tab, journal).catch((error) => log.debug({ error }, 'theme not read'));
    const { reason, error } = await untilItEnds(opened, report.tick, stop);

    journal.phase('finishing');
    const files = await storeFiles(request, opened.capture, outputs);
    report.start(opened.look()); // the first picture may have come while the recording was being ended
    return endWith(journal, reason, outputs, files, error ?? opened.capture.state().failure);
  } catch (thrown) {
    const error = asRecordingError(thrown);
    return journal.end({ reason: error.code, files: [], error });
  } finally {
    await cleanup.run();
  }
}

async function openStorages(
  request: RecordingRequest,
  deps: RecordingDeps,
  cleanup: Cleanup,
): Promise<Outputs> {
  if (!deps.allowPrivateUrls) await refusePrivateUrls(externalUrls(request));
  const startedAtUnixMs = deps.clock.nowUnixMs();
  const open = async (output: OutputRequest, index: number) => {
    const storage = await deps.openStorage(output);
    return storage.open(fileFor(request, output, index, { attempt: deps.attempt, startedAtUnixMs }));
  };
  return openOutputs(request, open, cleanup);
}

/** A call that is open in a browser and ready to be recorded, or already over. */
interface OpenCall {
  readonly tab: Tab;
  readonly capture: Capture;
  readonly readiness: Readiness;
  readonly look: () => Snapshot;
}

/** Opens browser, tab, capture and page, and waits until the page may be recorded. */
async function openCall(
  request: RecordingRequest,
  { browsers, journal, layoutAppUrl, clock, log }: RecordingDeps,
  outputs: Outputs,
  stop: AbortSignal,
  cleanup: Cleanup,
): Promise<OpenCall> {
  journal.phase('launching');
  const { browser, firstPage: recorderPage } = await browsers.take(cleanup);
  const tab = await openTab(browser, request, log);
  const observations = observeTab(tab, browser, clock.nowMs, cleanup);
  const capture = await openCapture(recorderPage, tab.blankUrl, {
    audioOnly: request.audioOnly,
    picture: request.picture,
    maxDurationS: request.limits.maxDurationS,
    encodings: outputs.encodings,
  });
  const look = (): Snapshot => ({
    nowMs: clock.nowMs(),
    tab: observations,
    capture: capture.state(),
    stopReason: stop.aborted ? endReasonOf(stop) : null,
    limits: request.limits,
  });

  reportPage(tab, journal, () => (capture.state().begun ? capture.state().stats.durationS : null));

  journal.phase('loading');
  observations.loadedOrigin = await loadLayout(tab, request, layoutAppUrl);
  journal.phase('waiting');
  return { tab, capture, look, readiness: await awaitReady(look) };
}

/**
 * Watches the call until there is a reason to end. A failure also ends it here, because what was recorded is
 * kept.
 */
async function untilItEnds(opened: OpenCall, onTick: (snapshot: Snapshot) => void, stop: AbortSignal) {
  try {
    const reason = await watchCall(opened.look, onTick, stop);
    return { reason, error: null };
  } catch (thrown) {
    const error = asRecordingError(thrown);
    return { reason: error.code, error };
  }
}

/**
 * Resolves to null as soon as the signal is aborted. The work then goes on until the cleanup takes away what it
 * needs; it is not begun where the signal is aborted already.
 */
async function untilStopped<T>(begin: () => Promise<T>, stop: AbortSignal): Promise<T | null> {
  if (stop.aborted) return null;
  const work = begin();
  work.catch(() => {}); // may fail once the cleanup has closed its browser
  return Promise.race([
    work,
    new Promise<null>((resolve) => stop.addEventListener('abort', () => resolve(null), { once: true })),
  ]);
}

const STOP_REASONS = ['stopped', 'worker_shutdown', 'taken_over'] as const satisfies readonly EndReason[];

function endReasonOf(stop: AbortSignal): EndReason {
  return STOP_REASONS.find((reason) => reason === stop.reason) ?? 'stopped';
}

function fileFor(
  { id, call, audioOnly, outputs }: RecordingRequest,
  { name, encoding }: OutputRequest,
  index: number,
  given: { readonly attempt: number; readonly startedAtUnixMs: number },
): NewFile {
  const { extension, mediaType } = fileTypeOf(encoding, audioOnly);
  const key = objectKey({
    callType: call.type,
    callId: call.id,
    recordingId: id,
    ...given,
    extension,
    ...(outputs.length > 1 && index > 0 ? { outputName: name } : {}),
  });
  return { key, mediaType };
}
