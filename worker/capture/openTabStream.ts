import type { Page } from 'puppeteer';
import type { RecorderCalls, RecorderOptions } from '../../shared/recorder/recorderCalls.ts';
import { messageOf, RecordingError } from '../recordingError.ts';

declare const recorder: RecorderCalls; // exists in the recorder page

/**
 * Lets the recorder page open the stream of a tab, and brings the recorder page to the foreground. Throws
 * capture_failed.
 */
export async function openTabStream(
  page: Page,
  options: Omit<RecorderOptions, 'timeOriginUs'>,
): Promise<void> {
  try {
    const timeOriginUs = await readTimeOriginUs(page);
    await page.evaluate((given) => recorder.open(given), { ...options, timeOriginUs });
    await page.bringToFront();
  } catch (error) {
    throw new RecordingError('capture_failed', `The tab cannot be captured: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * Returns the page's time origin in microseconds of Chromium's monotonic clock. Captured video frames carry
 * times of that clock, and captured sound carries the time since this origin. With this value both fit on one
 * timeline.
 */
async function readTimeOriginUs(page: Page): Promise<number> {
  const session = await page.createCDPSession();
  await session.send('Performance.enable', { timeDomain: 'timeTicks' });
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  const start = metrics.find(({ name }) => name === 'NavigationStart');
  if (start === undefined) throw new Error('the browser does not report NavigationStart');
  return start.value * 1e6;
}
