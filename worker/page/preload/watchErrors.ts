import type { ConsoleLine, UncaughtError } from '../../../shared/page/pageCalls.ts';
import { thrownText } from './thrownText.ts';

/** Tells of what the page does not catch: at once to the gate, and as a line unless the page handles it itself. */
export function watchErrors(tell: (told: ConsoleLine | UncaughtError) => void): void {
  const note = (event: Event, cause: UncaughtError['cause'], thrown: unknown) => {
    const error = thrownText(thrown);
    tell({ type: 'uncaught', cause, error });
    setTimeout(() => {
      if (!event.defaultPrevented) tell({ type: 'console', level: 'error', text: `Uncaught ${error}` });
    });
  };
  // In the capturing phase, because a script or an image that does not load is told to nobody else.
  const onError = (event: Event) => {
    if (event instanceof ErrorEvent) note(event, 'exception', event.error ?? event.message);
    else if (event.target instanceof Element)
      tell({ type: 'console', level: 'warn', text: `Not loaded: ${addressOf(event.target)}` });
  };
  window.addEventListener('error', onError, true);
  window.addEventListener('unhandledrejection', (event) => note(event, 'rejection', event.reason));
}

function addressOf(element: Element): string {
  const address = element.getAttribute('src') ?? element.getAttribute('href') ?? 'no address';
  return `${element.tagName.toLowerCase()} ${address}`;
}
