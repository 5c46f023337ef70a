import { PAGE_CHANNEL, type PageCalls } from '../../../shared/page/pageCalls.ts';
import { createOutbox } from './createOutbox.ts';
import { probe } from './probe.ts';
import { readMessage } from './readMessage.ts';
import { watchContent } from './watchContent.ts';

/*
 * Runs before the page's own scripts in a world of its own, which the page cannot reach: what the page says comes
 * through here, and only so much of it, and here the worker asks how the page is. Frames in the page have no gate.
 */
declare global {
  var compositorGate: PageCalls;
}

const READY_MARKER = 'egress-ready-for-capture';

if (window === window.top) {
  const content = watchContent();
  const outbox = createOutbox(() => performance.now());
  performance.addEventListener(PAGE_CHANNEL, (event) => {
    const message = readMessage((event as CustomEvent<unknown>).detail);
    if (message === null) return;
    if (message.type === 'uncaught') content.noteUncaught(message);
    else outbox.take(message);
  });
  watchForMarker(() => outbox.take({ signal: 'marker' }));
  globalThis.compositorGate = {
    probe: () => probe(content),
    connect: (binding) => outbox.connect((globalThis as Record<string, unknown>)[binding] as Send),
  };
}

type Send = (text: string) => void;

function watchForMarker(note: () => void): void {
  const observer = new MutationObserver(() => {
    if (document.getElementById(READY_MARKER) === null) return;
    observer.disconnect();
    note();
  });
  observer.observe(document, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['id'],
  });
}
