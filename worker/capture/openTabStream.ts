import type { Page, Target } from 'puppeteer';
import type { RecorderCalls, RecorderOptions } from '../../shared/recorder/recorderCalls.ts';
import { monotonicMs } from '../machineClock.ts';
import { messageOf, RecordingError } from '../recordingError.ts';

declare const recorder: RecorderCalls; // exists in the recorder page

export type TabStreamOptions = Omit<RecorderOptions, 'timeOriginUs'>;

/** How far Chromium's monotonic clock is ahead of this process's, in microseconds. */
export interface RecorderClock {
  readonly aheadUs: number;
}

/**
 * Lets the recorder page open the stream of a tab, and brings the recorder page to the foreground. Throws
 * capture_failed.
 */
export async function openTabStream(page: Page, options: TabStreamOptions): Promise<RecorderClock> {
  try {
    const { timeOriginUs, aheadUs } = await readClock(page);
    await page.evaluate((given) => recorder.open(given), { ...options, timeOriginUs });
    await page.bringToFront();
    return { aheadUs };
  } catch (error) {
    throw new RecordingError('capture_failed', `The tab cannot be captured: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * Reads the page's time origin, in microseconds of Chromium's monotonic clock, and how far that clock is ahead
 * of ours. Captured video frames carry times of that clock, and captured sound carries the time since the
 * origin. On Linux both processes have the same clock. Where they differ by no more than the question took, they
 * are taken for the same.
 */
export async function readClock(
  page: Pick<Target, 'createCDPSession'>,
): Promise<{ timeOriginUs: number } & RecorderClock> {
  const session = await page.createCDPSession();
  await session.send('Performance.enable', { timeDomain: 'timeTicks' });
  const askedMs = monotonicMs();
  const { metrics } = await session.send('Performance.getMetrics');
  const answeredMs = monotonicMs();
  await session.detach();
  const metricOf = (wanted: string) => {
    const metric = metrics.find(({ name }) => name === wanted);
    if (metric === undefined) throw new Error(`the browser does not report ${wanted}`);
    return metric.value;
  };
  const aheadMs = metricOf('Timestamp') * 1000 - (askedMs + answeredMs) / 2;
  const isSame = Math.abs(aheadMs) <= answeredMs - askedMs;
  return { timeOriginUs: metricOf('NavigationStart') * 1e6, aheadUs: isSame ? 0 : aheadMs * 1000 };
}
