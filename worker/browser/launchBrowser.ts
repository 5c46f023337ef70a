import { join } from 'node:path';
import puppeteer, { type Browser, type LaunchOptions } from 'puppeteer';
import type { Cleanup } from '../cleanup.ts';
import { messageOf, RecordingError } from '../recordingError.ts';
import { chromeFlags } from './chromeFlags.ts';
import { findBrowser } from './findBrowser.ts';
import { makeWorkFolder } from './workFolder.ts';

const LAUNCH_TIMEOUT_MS = 30_000;
const CLOSE_TIMEOUT_MS = 3_000;

export interface BrowserSettings {
  /** Path of the browser to use; null for the first one found. */
  readonly chromium: string | null;
  readonly allowPrivateUrls: boolean;
  /** The only extension to load: its folder, and the id that follows from its key. */
  readonly extension: { readonly folder: string; readonly id: string };
}

/**
 * Starts a browser for one recording and controls it over a pipe, so that no debugging port is open. The
 * cleanup ends the browser. Throws browser_missing or browser_failed.
 */
export async function launchBrowser(settings: BrowserSettings, cleanup: Cleanup): Promise<Browser> {
  const executablePath = await findBrowser(settings.chromium);
  const userDataDir = join(await makeWorkFolder(cleanup), 'profile');
  // The cleanup has already removed the folder. A browser that loses its profile while it starts throws
  // errors that nobody catches.
  if (cleanup.isOver())
    throw new RecordingError('browser_failed', 'The recording is over, so no browser is started');
  const isRoot = process.getuid?.() === 0;
  const { allowPrivateUrls, extension } = settings;
  const args = chromeFlags({ extensionId: extension.id, isRoot, allowPrivateUrls });
  const launching = launch({ executablePath, userDataDir, args });
  // Registered before the browser has started: if the recording is stopped meanwhile, the browser must not
  // stay behind.
  cleanup.defer('close the browser', () => launching.then(closeBrowser, () => {}));
  try {
    const browser = await launching;
    await browser.installExtension(extension.folder);
    return browser;
  } catch (error) {
    const message = `${executablePath} did not start: ${messageOf(error)}`;
    throw new RecordingError('browser_failed', message, { cause: error });
  }
}

function launch(options: LaunchOptions): Promise<Browser> {
  return puppeteer.launch({
    ...options,
    headless: true,
    defaultViewport: null, // the tab is given the recording's size later
    pipe: true,
    // If Puppeteer (24.43) is given a list of extensions, it loads them without waiting, and nobody catches
    // it when one fails.
    enableExtensions: true,
    // The Network domain would copy every byte of the call's traffic to this process.
    networkEnabled: false,
    ignoreDefaultArgs: ['--mute-audio'], // this flag would also silence the capture
    timeout: LAUNCH_TIMEOUT_MS,
    // The worker handles signals itself, because it finishes its recordings first.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

async function closeBrowser(browser: Browser): Promise<void> {
  const child = browser.process();
  const gone =
    child === null || child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : onceExited(child);
  const killLater = setTimeout(() => child?.kill('SIGKILL'), CLOSE_TIMEOUT_MS);
  await browser.close().catch(() => child?.kill('SIGKILL'));
  await gone;
  clearTimeout(killLater);
}

function onceExited(child: NonNullable<ReturnType<Browser['process']>>): Promise<void> {
  return new Promise((resolve) => child.once('exit', () => resolve()));
}
