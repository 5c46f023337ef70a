import { access, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import puppeteer from 'puppeteer';
import { RecordingError } from '../recordingError.ts';
import { SYSTEM_BROWSERS } from './systemBrowsers.mjs';

export { SYSTEM_BROWSERS };

/** How to get a browser. Puppeteer finds only the download that belongs to its own version. */
export const HOW_TO_GET_A_BROWSER = [
  'install Chromium (on Debian: apt-get install chromium)',
  `run "npx puppeteer@${puppeteerVersion()} browsers install chrome"`,
  'or set COMPOSITOR_CHROMIUM',
].join(', ');

/**
 * Returns the path of the browser to use: the configured one, else one of the system, else the one that
 * Puppeteer downloaded. Throws browser_missing if there is none, or if the configured one cannot be run.
 */
export async function findBrowser(configured: string | null): Promise<string> {
  if (configured !== null) {
    if (await canRun(configured)) return configured;
    throw new RecordingError(
      'browser_missing',
      `COMPOSITOR_CHROMIUM=${configured} is not a program that can be run`,
    );
  }
  for (const path of [...SYSTEM_BROWSERS, await puppeteerDownload()]) {
    if (path !== null && (await canRun(path))) return path;
  }
  throw new RecordingError('browser_missing', `No Chromium or Chrome found: ${HOW_TO_GET_A_BROWSER}.`);
}

async function puppeteerDownload(): Promise<string | null> {
  try {
    return await puppeteer.executablePath();
  } catch {
    return null;
  }
}

function puppeteerVersion(): string {
  return createRequire(import.meta.url)('puppeteer/package.json').version;
}

async function canRun(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
