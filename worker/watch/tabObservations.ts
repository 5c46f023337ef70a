import type { Browser } from 'puppeteer';
import type { ReadySignal } from '../../shared/events/recordingEvents.ts';
import type { PageProbe } from '../../shared/page/pageProbe.ts';
import type { Cleanup } from '../cleanup.ts';
import type { Tab, TabSignal } from '../page/openTab.ts';

const PROBE_INTERVAL_MS = 1_000;

/** Everything seen of the tab so far. Times are milliseconds of the given clock. */
export interface TabObservations {
  readySignal: Exclude<ReadySignal, 'fallback'> | null;
  callEnded: boolean;
  /** People in the call, null where the page does not say; and since when there is none. */
  participants: number | null;
  emptySinceMs: number | null;
  failure: Extract<TabSignal, { type: 'failed' }> | null;
  tabCrashed: boolean;
  browserGone: boolean;
  /** The last error that the page logged or did not catch. */
  lastError: string | null;
  /** Since when the page says that it has lost its connection to the call. */
  connectionLostSinceMs: number | null;
  /** The newest answer to "how are you?", and since when an answer is due. */
  probe: PageProbe | null;
  probeDueSinceMs: number | null;
  /** How many answers there were, and in how many of them, up to the newest, the page had lost its content. */
  answers: number;
  answersWithLoss: number;
  /** Why the tab shows the browser's error page, where that is because the address is not allowed. */
  refusal: string | null;
  /** What the tab shows, as the browser says, and since when; null before it has loaded anything. */
  shown: { readonly site: string; readonly sinceMs: number } | null;
  /** Where the page was when it had loaded. */
  loadedOrigin: string | null;
}

/**
 * Watches a tab from before it loads until the cleanup: listens to it and asks it once a second. `refusalShown` tells why
 * the tab shows the browser's error page, where the address is not allowed.
 */
export function observeTab(
  tab: Tab,
  browser: Browser,
  nowMs: () => number,
  cleanup: Cleanup,
  refusalShown: () => Promise<string | null>,
): TabObservations {
  const seen: TabObservations = {
    readySignal: null,
    callEnded: false,
    participants: null,
    emptySinceMs: null,
    failure: null,
    tabCrashed: false,
    browserGone: false,
    lastError: null,
    connectionLostSinceMs: null,
    probe: null,
    probeDueSinceMs: null,
    answers: 0,
    answersWithLoss: 0,
    refusal: null,
    shown: null,
    loadedOrigin: null,
  };
  tab.listen((signal) => note(seen, signal, nowMs()));
  browser.once('disconnected', () => {
    seen.browserGone = true;
  });
  const timer = setInterval(() => {
    if (seen.loadedOrigin !== null) probeOnce(seen, tab, nowMs, refusalShown);
  }, PROBE_INTERVAL_MS);
  cleanup.defer('stop asking the page', () => clearInterval(timer));
  return seen;
}

/** Leaves out a time in which this process did not run: no answer could be read in it. */
export function leaveOut(seen: TabObservations, sleptMs: number): void {
  if (seen.probeDueSinceMs !== null) seen.probeDueSinceMs += sleptMs;
  if (seen.emptySinceMs !== null) seen.emptySinceMs += sleptMs;
}

function note(seen: TabObservations, signal: TabSignal, nowMs: number): void {
  if (signal.type === 'ready') seen.readySignal ??= signal.signal;
  if (signal.type === 'call_ended') seen.callEnded = true;
  if (signal.type === 'failed') seen.failure ??= signal;
  if (signal.type === 'error_told') seen.lastError = signal.message;
  if (signal.type === 'connection') {
    const sinceMs = nowMs - (signal.for_s ?? 0) * 1000;
    seen.connectionLostSinceMs = signal.state === 'lost' ? (seen.connectionLostSinceMs ?? sinceMs) : null;
  }
  if (signal.type === 'shows') seen.shown = { site: signal.site, sinceMs: nowMs };
  if (signal.type === 'crashed') seen.tabCrashed = true;
  if (signal.type === 'participants') {
    seen.participants = signal.count;
    seen.emptySinceMs = signal.count > 0 ? null : (seen.emptySinceMs ?? nowMs);
  }
}

async function probeOnce(
  seen: TabObservations,
  tab: Tab,
  nowMs: () => number,
  refusalShown: () => Promise<string | null>,
): Promise<void> {
  if (seen.probeDueSinceMs !== null) return;
  seen.probeDueSinceMs = nowMs();
  try {
    const probe = await tab.probe();
    if (probe.href.startsWith('chrome-error:')) seen.refusal = await refusalShown();
    seen.probe = probe;
    seen.answers += 1;
    seen.answersWithLoss = probe.loss === null ? 0 : seen.answersWithLoss + 1;
  } catch {
    // The page is between two documents, or gone: the next probe, or the crash, tells which.
  } finally {
    seen.probeDueSinceMs = null;
  }
}
