import pTimeout from 'p-timeout';
import type { LayoutConfig } from '../../shared/layout/layoutConfig.ts';
import type { PageCalls } from '../../shared/page/pageCalls.ts';
import type { PageProbe } from '../../shared/page/pageProbe.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import { messageOf, RecordingError } from '../recordingError.ts';
import { layoutAddress } from './layoutAddress.ts';
import { layoutConfigFor } from './layoutConfigFor.ts';
import type { Tab } from './openTab.ts';
import { type FailureOf, shownFailure } from './shownFailure.ts';

// In the recorded page:
declare const __compositorProbe: PageCalls['__compositorProbe'];
declare const window: {
  readonly setupLayout?: (config: LayoutConfig) => unknown;
  reportError(error: unknown): void;
};

/** For how long a page may be busy after it has loaded. */
const ANSWER_TIMEOUT_MS = 15_000;
/** How often to look for a setupLayout that is defined only after load. */
const SET_UP_POLL_MS = 50;

/**
 * Loads the layout app and, where it has `window.setupLayout`, calls that once it is there, and again whenever
 * the page reloads itself. Throws private_url, page_unreachable, page_http_error, page_error or page_frozen, with the
 * address but without the token in it. Resolves to the origin of the page it ended on. `failureOf` knows why the browser
 * could not reach an address.
 */
export async function loadLayout(
  tab: Tab,
  request: RecordingRequest,
  ownAppUrl: string,
  failureOf: FailureOf,
): Promise<string> {
  const address = layoutAddress(request, ownAppUrl);
  const shown = request.layout.externalAppUrl ?? 'the built-in layout app';
  const timeout = request.limits.loadTimeoutS * 1000;
  tab.page.on('load', () => {
    callSetupLayout(tab, request).catch(() => {}); // the tab is gone: the watch notices
  });
  try {
    await tab.page.goto(address, { waitUntil: 'load', timeout });
  } catch (error) {
    const reason = messageOf(error).replaceAll(address, shown);
    const failure = reason.includes('net::') ? await shownFailure(tab.page, failureOf) : null;
    if (failure?.isRefused) throw refused(shown, failure.reason);
    const because = failure ? ` (${failure.reason})` : '';
    throw new RecordingError('page_unreachable', `${shown} did not load: ${reason}${because}`);
  }
  const probe = await pTimeout(
    tab.page.evaluate(() => __compositorProbe()),
    { milliseconds: ANSWER_TIMEOUT_MS, message: new RecordingError('page_frozen', notAnswering(shown)) },
  );
  if (probe.href.startsWith('chrome-error:')) {
    const failure = await shownFailure(tab.page, failureOf);
    if (failure?.isRefused) throw refused(shown, failure.reason);
  }
  refuseErrorPage(probe, shown);
  return new URL(probe.href).origin;
}

function refused(shown: string, reason: string): RecordingError {
  return new RecordingError('private_url', `${shown} did not load: ${reason}`);
}

function notAnswering(shown: string): string {
  return `${shown} has loaded, but has not answered or painted for ${ANSWER_TIMEOUT_MS / 1000} s`;
}

/** An HTTP status of 400 or more, or text in div.error, means the page has failed. */
function refuseErrorPage({ httpStatus, errorText }: PageProbe, shown: string): void {
  if (httpStatus >= 400)
    throw new RecordingError('page_http_error', `${shown} answered with HTTP status ${httpStatus}`);
  if (errorText !== '') throw new RecordingError('page_error', `${shown} shows an error: ${errorText}`);
}

function callSetupLayout(tab: Tab, request: RecordingRequest): Promise<void> {
  return tab.page.evaluate(
    async (config, pollMs) => {
      while (typeof window.setupLayout !== 'function') await new Promise((next) => setTimeout(next, pollMs));
      try {
        await window.setupLayout(config);
      } catch (error) {
        window.reportError(error); // told like any other error that the page does not catch
      }
    },
    layoutConfigFor(request),
    SET_UP_POLL_MS,
  );
}
