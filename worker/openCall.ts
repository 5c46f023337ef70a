import pTimeout from 'p-timeout';
import type { RecordedEncoding } from '../shared/recorder/recorderCalls.ts';
import type { RecordingRequest } from '../shared/request/recordingRequest.ts';
import type { BrowserPool } from './browser/browserPool.ts';
import { type BrowserUsage, watchUsage } from './browser/watchUsage.ts';
import { type Capture, openCapture } from './capture/openCapture.ts';
import type { Cleanup } from './cleanup.ts';
import type { EgressGuard } from './egress/openEgressGuard.ts';
import type { Logger } from './log.ts';
import type { LayoutInUse } from './page/layoutInUse.ts';
import { loadLayout } from './page/loadLayout.ts';
import { openTab, type Tab } from './page/openTab.ts';
import { shownFailure } from './page/shownFailure.ts';
import { whileTabLives } from './page/whileTabLives.ts';
import type { RecordingStart } from './recording/buildResult.ts';
import type { Journal } from './recording/journal.ts';
import { RecordingError } from './recordingError.ts';
import { awaitReady, type Readiness } from './watch/awaitReady.ts';
import { createLook } from './watch/createLook.ts';
import { createRate } from './watch/createRate.ts';
import type { Snapshot } from './watch/snapshot.ts';
import { observeTab } from './watch/tabObservations.ts';
import { endReasonOf } from './watch/untilStopped.ts';
import type { Usage, UsageLimits } from './watch/usage.ts';
import { whileBearable } from './watch/whileBearable.ts';

/** A call that is open in a browser and ready to be recorded, or already over. */
export interface OpenCall {
  readonly tab: Tab;
  readonly capture: Capture;
  readonly readiness: Readiness;
  readonly look: () => Snapshot;
}

/** A browser with a tab that can be recorded, in which no page is loaded yet. */
export interface PreparedCall {
  readonly tab: Tab;
  /** Loads the page and waits until it may be recorded. Throws what the browser or the page has failed with. */
  load(): Promise<OpenCall>;
}

export interface OpenCallDeps {
  readonly browsers: BrowserPool;
  readonly layoutAppUrl: string;
  /** The most that the browser of a recording may use. */
  readonly usageLimits: UsageLimits;
  readonly journal: Pick<Journal, 'phase'>;
  readonly log: Logger;
  readonly clock: { nowMs(): number };
}

/** A tab is open within a second. A browser that takes this long does not answer any more. */
const OPEN_TAB_TIMEOUT_MS = 15_000;
/** A page that gave no signal the first time is not waited for as long the next time. In seconds. */
const READY_AFTER_FALLBACK_S = 1;

export interface CallToOpen {
  readonly encodings: readonly RecordedEncoding[];
  /** How the recording began; null where it begins with this call. */
  readonly start: RecordingStart | null;
  readonly stop: AbortSignal;
  /** What the page is to show, now and later. */
  readonly layout: LayoutInUse;
}

/**
 * The story of a start: opens browser, tab, capture and page, and waits until the page may be recorded. The
 * cleanup closes the browser. Throws what the browser, the capture or the page has failed with.
 */
export async function openCall(
  request: RecordingRequest,
  deps: OpenCallDeps,
  given: CallToOpen & { readonly reportPage: (tab: Tab) => void },
  cleanup: Cleanup,
): Promise<OpenCall> {
  const { tab, load } = await prepareCall(request, deps, given, cleanup);
  given.reportPage(tab);
  return load();
}

/** As openCall, up to the moment before the page is loaded. */
export async function prepareCall(
  request: RecordingRequest,
  { browsers, journal, layoutAppUrl, usageLimits, clock, log }: OpenCallDeps,
  given: CallToOpen,
  cleanup: Cleanup,
): Promise<PreparedCall> {
  journal.phase('launching');
  const { browser, firstPage: recorderPage, guard } = await browsers.take(cleanup);
  if (request.layout.externalAppUrl === null) guard.alsoAllow(layoutAppUrl);
  const alive = whileTabLives(browser);
  const opening = openTab(browser, request, log).then((tab) => withRefusals(tab, guard));
  const tab = await pTimeout(alive(opening), {
    milliseconds: OPEN_TAB_TIMEOUT_MS,
    message: new RecordingError('browser_failed', `The tab did not open within ${OPEN_TAB_TIMEOUT_MS} ms`),
  });
  const observations = observeTab(tab, browser, clock.nowMs, cleanup, async () => {
    const failure = await shownFailure(tab.target, guard.failureOf);
    return failure?.isRefused ? failure.reason : null;
  });
  const measure = watchUsage(browser, usageLimits.diskMiB, clock.nowMs, cleanup);
  const rateOfSent = createRate(clock.nowMs);
  const noteDrawn = (why: string | null) =>
    log.info(
      why === null ? {} : { why },
      `videos go into the picture as ${why === null ? 'they were decoded' : 'the browser draws them'}`,
    );
  const capture = await openCapture(recorderPage, tab.blankUrl, {
    audioOnly: request.audioOnly,
    picture: request.picture,
    maxDurationS: request.limits.maxDurationS,
    encodings: given.encodings,
    composing: tab.composer && { composer: tab.composer, tab: tab.target, noteDrawn },
  });
  const look = createLook(observations, clock.nowMs, () => ({
    capture: capture.state(),
    stopReason: given.stop.aborted ? endReasonOf(given.stop) : null,
    limits: { ...request.limits, readyTimeoutS: readyTimeoutS(request, given.start) },
    usage: usageNow(measure(), capture.receivedBytes(), rateOfSent),
    usageLimits,
  }));
  const load = async () => {
    journal.phase('loading');
    const loading = whileBearable(
      loadLayout(tab, { request, layout: given.layout }, layoutAppUrl, guard.failureOf),
      look,
    );
    observations.loadedOrigin = await alive(loading, tab);
    journal.phase('waiting');
    return { tab, capture, look, readiness: await awaitReady(look) };
  };
  return { tab, load };
}

function readyTimeoutS({ limits }: RecordingRequest, start: RecordingStart | null): number {
  if (start?.signal !== 'fallback') return limits.readyTimeoutS;
  return Math.min(READY_AFTER_FALLBACK_S, limits.readyTimeoutS);
}

/** What a browser uses, without what it sends of the recording. */
function usageNow(
  { sentBytes, ...usage }: BrowserUsage,
  recordedBytes: number,
  rateOf: (bytes: number) => number,
): Usage {
  return { ...usage, sentMiBPerS: rateOf(sentBytes - recordedBytes) / 2 ** 20 };
}

/** What the guard refuses is told like everything else of the tab. */
function withRefusals(tab: Tab, guard: EgressGuard): Tab {
  return {
    ...tab,
    listen: (listener) => {
      tab.listen(listener);
      guard.listen(({ message }) => listener({ type: 'address_refused', message }));
    },
  };
}
