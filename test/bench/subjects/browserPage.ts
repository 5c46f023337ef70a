import puppeteer, { type Browser } from 'puppeteer';
import { findBrowser } from '../../support/findBrowser.ts';
import type { BenchPage } from '../serveBenchPage.ts';
import type { Size } from './subject.ts';

/**
 * Opens the page in a browser of its own: headless, or as a kiosk window if a display's environment is given.
 */
export async function openBrowserPage(
  page: BenchPage,
  { widthPx, heightPx }: Size,
  display: NodeJS.ProcessEnv | null,
): Promise<Browser> {
  const browser = await puppeteer.launch({
    executablePath: findBrowser() ?? undefined,
    headless: display === null,
    env: display ?? process.env,
    networkEnabled: false,
    ignoreDefaultArgs: ['--mute-audio', ...(display ? ['--enable-automation'] : [])],
    defaultViewport: display ? null : { width: widthPx, height: heightPx },
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--autoplay-policy=no-user-gesture-required',
      '--disable-background-networking',
      '--hide-scrollbars',
      `--window-size=${widthPx},${heightPx}`,
      ...(display ? ['--window-position=0,0', '--kiosk'] : []),
    ],
  });
  const tab = display ? (await browser.pages())[0] : await browser.newPage();
  await page.opened(() => tab?.goto(page.url));
  await tab?.waitForSelector('#egress-ready-for-capture');
  return browser;
}
