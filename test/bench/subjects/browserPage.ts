import puppeteer, { type Browser } from 'puppeteer';
import { findBrowser } from '../../support/findBrowser.ts';
import type { Recorded } from '../recorded.ts';
import type { Size } from '../size.ts';

/**
 * Opens what is recorded in a browser of its own: headless, or as a kiosk window if a display's environment is given.
 */
export async function openBrowserPage(
  recorded: Pick<Recorded, 'open'>,
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
      // Without this, Chromium offers no candidates on a machine whose only interface is loopback.
      '--allow-loopback-in-peer-connection',
      '--disable-background-networking',
      '--hide-scrollbars',
      `--window-size=${widthPx},${heightPx}`,
      ...(display ? ['--window-position=0,0', '--kiosk'] : []),
    ],
  });
  const tab = display ? (await browser.pages())[0] : await browser.newPage();
  if (!tab) throw new Error('the browser has no tab');
  await recorded.open(tab);
  return browser;
}
