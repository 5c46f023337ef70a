import type { Browser } from 'puppeteer';
import { RecordingError } from '../recordingError.ts';
import type { Tab } from './openTab.ts';

/** Settles as the given work does, but rejects as soon as the browser, or the tab that does the work, is gone. */
export type WhileTabLives = <T>(work: Promise<T>, tab?: Pick<Tab, 'listen'>) => Promise<T>;

/**
 * Puppeteer does not reject every call to a browser that has ended, or to a tab that has crashed. Throws
 * browser_failed and page_crashed.
 */
export function whileTabLives(browser: Pick<Browser, 'once' | 'connected'>): WhileTabLives {
  const gone = new Promise<never>((_, reject) => {
    const fail = () => reject(new RecordingError('browser_failed', 'The browser ended on its own'));
    browser.once('disconnected', fail);
    if (!browser.connected) fail();
  });
  gone.catch(() => {}); // nobody may be waiting when the browser is closed at the end
  return (work, tab) => {
    const crashed = new Promise<never>((_, reject) =>
      tab?.listen(({ type }) => {
        if (type === 'crashed')
          reject(new RecordingError('page_crashed', 'The tab with the layout app crashed while it loaded'));
      }),
    );
    crashed.catch(() => {});
    return Promise.race([work, gone, crashed]);
  };
}
