import { access, constants } from 'node:fs/promises';
import puppeteer from 'puppeteer';
import { RecordingError } from '../recordingError.ts';

/** Where systems put Chromium and Chrome; the first that exists is used. */
const SYSTEM_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * The path of the browser to use: the configured one, else a system one, else Puppeteer's download.
 * Throws browser_missing where there is none, or where the configured one cannot be run.
 */
export async function findBrowser(configured: string | null): Promise<string> {
  if (configured !== null) {
    if (await canRun(configured)) return configured;
    throw new RecordingError(
      'browser_missing',
      `COMPOSITOR_CHROMIUM=${configured} is not a program that can be run`,
    );
  }
  for (const path of [...SYSTEM_PATHS, await puppeteerDownload()]) {
    if (path !== null && (await canRun(path))) return path;
  }
  throw new RecordingError(
    'browser_missing',
    'No Chromium or Chrome found. Run "npm run setup", or set COMPOSITOR_CHROMIUM.',
  );
}

async function puppeteerDownload(): Promise<string | null> {
  try {
    return await puppeteer.executablePath();
  } catch {
    return null;
  }
}

async function canRun(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
