import { setTimeout as wait } from 'node:timers/promises';
import pTimeout from 'p-timeout';
import type { LayoutConfig } from '../../shared/layout/layoutConfig.ts';
import type { PageProbe } from '../../shared/page/pageProbe.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import type { LayoutInUse } from '../page/layoutInUse.ts';
import { messageOf, RecordingError } from '../recordingError.ts';
import { limitedAddresses } from './externalUrls.ts';
import { layoutAddress } from './layoutAddress.ts';
import { layoutConfigFor } from './layoutConfigFor.ts';
import type { Tab } from './openTab.ts';
import { type FailureOf, shownFailure } from './shownFailure.ts';

// In the recorded page:
declare const window: {
  readonly setupLayout?: (config: LayoutConfig) => unknown;
  reportError(error: unknown): void;
  /** What a script waits for setupLayout with. */
  [waiting: symbol]: { config: string } | undefined;
};
declare const location: Readonly<Record<'origin' | 'pathname' | 'search' | 'hash', string>>;
declare const history: {
  readonly state: unknown;
  replaceState(state: unknown, unused: string, address: string): void;
};

/** For how long a page may be busy after it has loaded; and how much of that may be beyond the time to load. */
const ANSWER_TIMEOUT_MS = 15_000;
const BEYOND_LOADING_MS = 5_000;
/** How often to look for a setupLayout that is defined only after load, and to ask a page that is between two documents. */
const POLL_MS = 50;

type TabToLoad = Pick<Tab, 'target' | 'load' | 'onLoad' | 'probe' | 'run' | 'alsoLimit'>;

/** What is shown: a call, in the layout that is in use. */
interface Shown {
  readonly request: RecordingRequest;
  readonly layout: LayoutInUse;
}

/**
 * Loads the layout app and, where it has `window.setupLayout`, calls that once it is there, and again whenever
 * the page reloads itself or the layout is changed. Throws private_url, page_unreachable, page_http_error, page_error or page_frozen, with the
 * address but without the token in it. Resolves to the origin of the page it ended on. `failureOf` knows why the browser
 * could not reach an address.
 */
export async function loadLayout(
  tab: TabToLoad,
  { request, layout }: Shown,
  ownAppUrl: string,
  failureOf: FailureOf,
): Promise<string> {
  const address = layoutAddress({ ...request, layout: layout.now() }, ownAppUrl);
  const shown = request.layout.externalAppUrl ?? 'the built-in layout app';
  const timeoutMs = request.limits.loadTimeoutS * 1000;
  const beganAtMs = performance.now();
  setUpEachDocument(tab, { request, layout });
  try {
    await tab.load(address, timeoutMs);
  } catch (error) {
    const reason = messageOf(error).replaceAll(address, shown);
    const failure = reason.includes('net::') ? await shownFailure(tab.target, failureOf) : null;
    if (failure?.isRefused) throw refused(shown, failure.reason);
    // The browser knows only what became of its connection to the guard.
    throw new RecordingError('page_unreachable', `${shown} did not load: ${failure?.reason ?? reason}`);
  }
  const leftMs = timeoutMs - (performance.now() - beganAtMs) + BEYOND_LOADING_MS;
  const milliseconds = Math.round(Math.min(ANSWER_TIMEOUT_MS, leftMs));
  const giveUp = new AbortController();
  const probe = await pTimeout(firstAnswer(tab, giveUp.signal), {
    milliseconds,
    message: new RecordingError('page_frozen', notAnswering(shown, milliseconds)),
  }).finally(() => giveUp.abort());
  if (probe.href.startsWith('chrome-error:')) {
    const failure = await shownFailure(tab.target, failureOf);
    if (failure?.isRefused) throw refused(shown, failure.reason);
  }
  refuseErrorPage(probe, shown);
  return new URL(probe.href).origin;
}

function refused(shown: string, reason: string): RecordingError {
  return new RecordingError('private_url', `${shown} did not load: ${reason}`);
}

/** The first answer of a page; one that loads one document after the other answers in none of them. */
async function firstAnswer(tab: TabToLoad, giveUp: AbortSignal): Promise<PageProbe> {
  for (;;) {
    try {
      return await tab.probe();
    } catch {
      await wait(POLL_MS, undefined, { signal: giveUp });
    }
  }
}

function notAnswering(shown: string, afterMs: number): string {
  return `${shown} has loaded, but has not answered or painted for ${Math.round(afterMs / 1000)} s`;
}

/** An HTTP status of 400 or more, or text in div.error, means the page has failed. */
function refuseErrorPage({ httpStatus, errorText }: PageProbe, shown: string): void {
  if (httpStatus >= 400)
    throw new RecordingError('page_http_error', `${shown} answered with HTTP status ${httpStatus}`);
  if (errorText !== '') throw new RecordingError('page_error', `${shown} shows an error: ${errorText}`);
}

/** Whatever the tab goes on to show, the token is for the site that it loaded first. */
function setUpEachDocument(tab: TabToLoad, { request, layout }: Shown): void {
  let first: string | null = null;
  const setUp = async () => {
    await tab.alsoLimit(limitedAddresses({ layout: layout.now() }));
    const now = { ...request, layout: layout.now() };
    const config = JSON.stringify(layoutConfigFor(now));
    const given = [first, config, layoutInAddress(now), POLL_MS];
    await tab.run(`(${callSetupLayout})(${given.map((value) => JSON.stringify(value)).join(', ')})`);
  };
  const onChange = () => void setUp().catch(() => {}); // the tab is gone: the watch notices
  tab.onLoad((origin) => {
    first ??= origin;
    if (origin === first) onChange();
  });
  layout.listen(() => {
    if (first !== null) onChange();
  });
}

/** What the address of an external app says of its layout; null where it says nothing. */
function layoutInAddress(request: RecordingRequest): string | null {
  return request.layout.externalAppUrl === null
    ? null
    : new URL(layoutAddress(request, '')).searchParams.get('layout');
}

/**
 * Runs in the page, which may have gone elsewhere since it was asked where it is. A page that takes its layout from its
 * address has the one of now when it loads itself anew. One that has no setupLayout yet is asked for it once, however
 * often its layout is changed.
 */
async function callSetupLayout(
  origin: string,
  config: string,
  layout: string | null,
  pollMs: number,
): Promise<void> {
  if (location.origin !== origin) return;
  const search = location.search.replace(
    /([?&]layout=)[^&]*/,
    (_, before) => before + encodeURIComponent(layout ?? ''),
  );
  if (layout !== null && search !== location.search)
    history.replaceState(history.state, '', `${location.pathname}${search}${location.hash}`);
  const key = Symbol.for('call-compositor.setupLayout');
  const waiting = window[key];
  if (waiting) {
    waiting.config = config;
    return;
  }
  const given = { config };
  window[key] = given;
  while (typeof window.setupLayout !== 'function') await new Promise((next) => setTimeout(next, pollMs));
  delete window[key];
  try {
    await window.setupLayout(JSON.parse(given.config));
  } catch (error) {
    window.reportError(error); // told like any other error that the page does not catch
  }
}
