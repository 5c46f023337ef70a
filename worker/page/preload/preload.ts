import type { CompositorCalls, PageCalls } from '../../../shared/page/pageCalls.ts';
import type { PageMessage } from '../../../shared/page/pageMessages.ts';
import type { PageProbe } from '../../../shared/page/pageProbe.ts';

/*
 * Runs in every recorded page before its own scripts: the page's half of each readiness contract.
 *  - ours:        window.callCompositor.send(message)
 *  - navigator:   window.navigator.notifyReady()
 *  - setupLayout: the element #egress-ready-for-capture
 * The template contract (START_RECORDING on the console) needs nothing here.
 */
declare global {
  interface Window extends PageCalls, CompositorCalls {
    callCompositor: { send(message: PageMessage): void };
    setupLayout?(config: unknown): unknown;
  }
  interface Navigator {
    notifyReady(): void;
  }
}

const READY_MARKER = 'egress-ready-for-capture';
/** Something a person would see: any of these, or text. */
const VISIBLE = 'video, canvas, img, svg, picture, iframe, object, embed';

if (window === window.top) {
  window.callCompositor = { send: (message) => window.__compositorSend(message) };
  window.navigator.notifyReady = () => window.__compositorSend({ signal: 'navigator' });
  window.__compositorProbe = probe;
  watchForMarker();
}

function watchForMarker(): void {
  const observer = new MutationObserver(() => {
    if (document.getElementById(READY_MARKER) === null) return;
    observer.disconnect();
    window.__compositorSend({ signal: 'marker' });
  });
  observer.observe(document, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['id'],
  });
}

/** Answers once the page has painted another frame, so that no answer means a frozen page. */
async function probe(): Promise<PageProbe> {
  await new Promise(requestAnimationFrame);
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  const error = document.querySelector<HTMLElement>('div.error')?.innerText.trim() ?? '';
  return {
    href: location.href,
    httpStatus: navigation?.responseStatus ?? 0,
    errorText: error,
    hasContent: hasContent(),
  };
}

function hasContent(): boolean {
  const { body } = document;
  if (body === null) return false;
  return body.querySelector(VISIBLE) !== null || body.innerText.trim() !== '' || hasBackground(body);
}

function hasBackground(body: HTMLElement): boolean {
  return [document.documentElement, ...body.querySelectorAll('*')].some(
    (element) => getComputedStyle(element).backgroundImage !== 'none',
  );
}
