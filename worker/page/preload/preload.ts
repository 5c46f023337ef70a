import type { CompositorCalls, PageCalls } from '../../../shared/page/pageCalls.ts';
import type { PageMessage } from '../../../shared/page/pageMessages.ts';
import type { PageProbe } from '../../../shared/page/pageProbe.ts';
import { watchConnections } from './watchConnections.ts';
import { type Content, textOf, watchContent } from './watchContent.ts';

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
const LONGEST_TEXT = 300;

if (window === window.top) {
  window.callCompositor = { send: (message) => window.__compositorSend(message) };
  window.navigator.notifyReady = () => window.__compositorSend({ signal: 'navigator' });
  const content = watchContent();
  window.__compositorProbe = () => probe(content);
  logThrownObjects();
  watchConnections((state, lostForMs) =>
    window.__compositorSend({ type: 'connection', state, for_s: lostForMs / 1000 }),
  );
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
async function probe(content: Content): Promise<PageProbe> {
  await new Promise(requestAnimationFrame);
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  const error = document.querySelector<HTMLElement>('div.error')?.innerText.trim() ?? '';
  return {
    href: location.href,
    httpStatus: navigation?.responseStatus ?? 0,
    errorText: error,
    text: document.body?.innerText.trim().slice(0, LONGEST_TEXT) ?? '',
    hasShownAnything: content.hasShownAnything(),
    loss: content.loss(),
  };
}

/**
 * The browser tells the worker of a thrown object no more than that it is one. Logged, it is told with its fields,
 * unless the page handles it itself.
 */
function logThrownObjects(): void {
  const log = (event: Event, thrown: unknown) => {
    if (typeof thrown !== 'object' || thrown === null || thrown instanceof Error) return;
    setTimeout(() => {
      if (!event.defaultPrevented) console.error(`Uncaught ${textOf(thrown)}`);
    });
  };
  window.addEventListener('error', (event) => log(event, event.error));
  window.addEventListener('unhandledrejection', (event) => log(event, event.reason));
}
