import type { Page } from 'puppeteer';
import { RecordingError } from '../recordingError.ts';

/** Resolves or rejects as the work does, and rejects as soon as the page that does the work is gone. */
export type WhileAlive = <T>(work: Promise<T>) => Promise<T>;

/** A page that has crashed, and one whose browser has ended, leave every call without an answer. Throws capture_failed and browser_failed. */
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
  gone.catch(() => {}); // nobody may be waiting when the browser is closed in the end
  return (work) => Promise.race([work, gone]);
}
