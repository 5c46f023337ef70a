import type { PageMessage } from '../../shared/pageMessages.ts';

declare global {
  interface Window {
    /** Defined by the worker before the page loads; absent in a desktop browser. */
    callCompositor?: { send(message: PageMessage): void };
  }
}

/** Tells the worker; without one, the console. */
export function sendToWorker(message: PageMessage): void {
  if (window.callCompositor) window.callCompositor.send(message);
  else console.info('to the worker:', message);
}
