import pTimeout from 'p-timeout';
import type { CDPSession } from 'puppeteer';

/** A page that answers with an error and nothing else: the browser shows its own page, and it is judged later. */
const ERROR_WITHOUT_TEXT = 'net::ERR_HTTP_RESPONSE_CODE_FAILURE';

/**
 * Opens an address in a tab, and resolves once a document has loaded: the one that the tab ends up with where the first
 * one goes on to another before that. Throws Error where nothing answers, or nothing has loaded in time.
 */
export async function loadAddress(session: CDPSession, address: string, timeoutMs: number): Promise<void> {
  let onLoad = () => {};
  const loaded = new Promise<void>((resolve) => {
    onLoad = resolve;
  });
  session.once('Page.loadEventFired', onLoad);
  const opening = async () => {
    const { errorText, loaderId } = await session.send('Page.navigate', { url: address });
    if (errorText && errorText !== ERROR_WITHOUT_TEXT) throw new Error(`${errorText} at ${address}`);
    if (loaderId !== undefined) await loaded; // without one, only the fragment of the address is another
  };
  try {
    await pTimeout(opening(), {
      milliseconds: timeoutMs,
      message: `nothing has loaded within ${timeoutMs} ms`,
    });
  } finally {
    session.off('Page.loadEventFired', onLoad);
  }
}
