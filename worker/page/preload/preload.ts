import { type ContractSignal, PAGE_CHANNEL } from '../../../shared/page/pageCalls.ts';
import type { PageMessage } from '../../../shared/page/pageMessages.ts';
import { openChannel } from './openChannel.ts';
import { watchConnections } from './watchConnections.ts';
import { watchConsole } from './watchConsole.ts';
import { watchErrors } from './watchErrors.ts';

/*
 * Runs in every recorded page before its own scripts, and among them: the page's half of each readiness contract.
 *  - ours:        window.callCompositor.send(message)
 *  - navigator:   window.navigator.notifyReady()
 *  - template:    START_RECORDING and END_RECORDING on the console
 * The gate looks for the element of the setupLayout contract. Frames in the page are given nothing.
 */
declare global {
  interface Window {
    callCompositor: { send(message: PageMessage | ContractSignal): void };
    setupLayout?(config: unknown): unknown;
  }
  interface Navigator {
    notifyReady(): void;
  }
}

// Nobody would answer, and the page would wait.
window.alert = () => {};
window.confirm = () => false;
window.prompt = () => null;
window.print = () => {};

if (window === window.top) {
  const tell = openChannel(PAGE_CHANNEL);
  window.callCompositor = { send: tell };
  window.navigator.notifyReady = () => tell({ signal: 'navigator' });
  watchConsole(tell);
  watchErrors(tell);
  watchConnections((state, lostForMs) => tell({ type: 'connection', state, for_s: lostForMs / 1000 }));
}
