import puppeteer, { type Browser, type LaunchOptions, type Target } from 'puppeteer';
import type { Cleanup } from '../cleanup.ts';
import { messageOf, RecordingError } from '../recordingError.ts';
import { chromeFlags, UNWANTED_DEFAULTS, type WebRtc } from './chromeFlags.ts';
import { findBrowser } from './findBrowser.ts';
import { makeProfile } from './makeProfile.ts';
import { whileItRuns } from './whileItRuns.ts';
import { makeWorkFolder } from './workFolder.ts';

const LAUNCH_TIMEOUT_MS = 30_000;
const CLOSE_TIMEOUT_MS = 3_000;

export interface BrowserSettings {
  /** Path of the browser to use; null for the first one found. */
  readonly chromium: string | null;
  readonly allowPrivateUrls: boolean;
  /** The whole environment of the browser. */
  readonly browserEnvironment: Readonly<Record<string, string>>;
  /** The proxy through which everything leaves the browser, except for the media of calls. */
  readonly proxyUrl: string;
  readonly webRtc: WebRtc;
  /** The only extension to load: its folder, and the id that follows from its key. */
  readonly extension: { readonly folder: string; readonly id: string };
}

/**
 * Starts a browser for one recording and controls it over a pipe, so that no debugging port is open. The
 * cleanup ends the browser. Throws browser_missing or browser_failed.
 */
export async function launchBrowser(settings: BrowserSettings, cleanup: Cleanup): Promise<Browser> {
  const executablePath = await findBrowser(settings.chromium);
  const userDataDir = await makeProfile(await makeWorkFolder(cleanup)).catch((error) => {
    if (!cleanup.isOver()) throw error;
    return null;
  });
  // The cleanup removes the folder. A browser that loses its profile while it starts throws errors that nobody catches.
  if (userDataDir === null || cleanup.isOver())
    throw new RecordingError('browser_failed', 'The recording is over, so no browser is started');
  const isRoot = process.getuid?.() === 0;
  const { allowPrivateUrls, browserEnvironment: env, proxyUrl, webRtc, extension } = settings;
  const args = chromeFlags({ extensionId: extension.id, isRoot, allowPrivateUrls, proxyUrl, webRtc });
  const options = { executablePath, userDataDir, args, env, enableExtensions: true };
  const launching = launch(options, extension.folder);
  // Before it has started: a recording that is stopped meanwhile must not leave the browser behind.
  cleanup.defer('close the browser', () => launching.then(closeBrowser, () => {}));
  return launching;
}

async function launch(
  options: LaunchOptions & { executablePath: string; userDataDir: string },
  extensionFolder: string,
): Promise<Browser> {
  try {
    return await whileItRuns(options.userDataDir, async () => {
      const browser = await launchWithPuppeteer(options);
      await makeReady(browser, extensionFolder);
      return browser;
    });
  } catch (error) {
    const message = `${options.executablePath} did not start: ${messageOf(error)}`;
    throw new RecordingError('browser_failed', message, { cause: error });
  }
}

function launchWithPuppeteer(options: LaunchOptions): Promise<Browser> {
  return puppeteer.launch({
    ...options,
    headless: true,
    defaultViewport: null, // the tab gets the recording's size once that is known
    pipe: true,
    // The Network domain would mirror every byte of the call's traffic to this process.
    networkEnabled: false,
    ignoreDefaultArgs: UNWANTED_DEFAULTS,
    timeout: LAUNCH_TIMEOUT_MS,
    waitForInitialPage: false,
    // Signals are the worker's to handle: it finishes recordings first.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

/**
 * Loads the extension and waits for the first page. puppeteer.launch could do both, but it does not wait for the
 * extension: of a browser that dies meanwhile, nobody would catch the error, and it would end the process.
 */
async function makeReady(browser: Browser, extensionFolder: string): Promise<void> {
  // What is still being written to a browser that has died fails later, when puppeteer no longer listens.
  for (const pipe of browser.process()?.stdio ?? []) pipe?.on('error', () => {});
  const isPage = (target: Target) => target.type() === 'page';
  const loading = browser.installExtension(extensionFolder);
  const firstPage = browser.waitForTarget(isPage, { timeout: LAUNCH_TIMEOUT_MS });
  try {
    await Promise.all([loading, firstPage, denyDownloads(browser)]);
  } catch (error) {
    await closeBrowser(browser);
    throw error;
  }
}

/** What a page offers for download would be written into the home folder, however much it is. */
async function denyDownloads(browser: Browser): Promise<void> {
  const session = await browser.target().createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'deny' });
  await session.detach();
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
