import type { Page } from 'puppeteer';
import { RecordingError } from '../recordingError.ts';

/** Settles as the given work does, but rejects as soon as the page that does the work is gone. */
export type WhileAlive = <T>(work: Promise<T>) => Promise<T>;

/**
 * A call to a page that has crashed, or whose browser has ended, is never answered. Throws capture_failed and
 * browser_failed.
 */
export function whileAlive(page: Pick<Page, 'on' | 'browser'>): WhileAlive {
  const gone = new Promise<never>((_, reject) => {
    page.on('error', () => reject(new RecordingError('capture_failed', 'The recorder page crashed')));
    page.on('close', () => reject(new RecordingError('capture_failed', 'The recorder page was closed')));
    page
      .browser()
      .once('disconnected', () =>
        reject(new RecordingError('browser_failed', 'The browser ended on its own')),
      );
  });
  gone.catch(() => {}); // nobody may be waiting when the browser is closed at the end
  return (work) => Promise.race([work, gone]);
}
