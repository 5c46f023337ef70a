import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer';
import { servePublisherPage } from './servePublisherPage.ts';

export type PublisherPage = {
  pid: number;
  profilePath: string;
  /** Calls a function of publisherPage.js with one argument. */
  command<T>(name: string, details?: object): Promise<T>;
  close(): Promise<void>;
};

/** Opens the publishers' page in a Chromium of its own. */
export async function openPublisherPage(executablePath: string): Promise<PublisherPage> {
  const profilePath = await mkdtemp(join(tmpdir(), 'call-compositor-publishers-'));
  const site = await servePublisherPage();
  const browser = await launchBrowser(executablePath, profilePath);
  async function close(): Promise<void> {
    await browser.close();
    await site.stop();
    await rm(profilePath, { recursive: true, force: true });
  }
  try {
    const page = await browser.newPage();
    await page.goto(site.url);
    await page.waitForFunction('window.publisherPage');
    return {
      pid: browser.process()?.pid as number,
      profilePath,
      // The function is passed as text, because the test runner rewrites functions so that a page cannot run
      // them.
      command: <T>(name: string, details = {}) =>
        page.evaluate(`publisherPage.${name}(${JSON.stringify(details)})`) as Promise<T>,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function launchBrowser(executablePath: string, userDataDir: string): Promise<Browser> {
  return puppeteer.launch({
    executablePath,
    userDataDir,
    pipe: true,
    args: [
      // Chromium does not start as root with its sandbox. The page is our own.
      '--no-sandbox',
      '--autoplay-policy=no-user-gesture-required',
      // Without this, Chromium offers no candidates on a machine whose only interface is loopback.
      '--allow-loopback-in-peer-connection',
    ],
  });
}
