import type { Browser, Page } from 'puppeteer';
import { messageOf, RecordingError } from '../recordingError.ts';
import { RECORDER_URL } from './extension.ts';

/** Opens the recorder page of our extension. Throws browser_failed. */
export async function openRecorderPage(browser: Browser): Promise<Page> {
  try {
    const page = await browser.newPage();
    await page.goto(RECORDER_URL);
    return page;
  } catch (error) {
    throw new RecordingError('browser_failed', `The recorder page did not open: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
