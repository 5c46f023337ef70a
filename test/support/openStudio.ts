import puppeteer, { type Browser, type Frame, type Page } from 'puppeteer';
import { findBrowser } from './findBrowser.ts';
import { findProgram } from './findProgram.ts';

interface InstalledBrowser {
  readonly name: 'chrome' | 'firefox';
  readonly executablePath: string | null;
}

/** The browsers designers have; one that is not installed is skipped, and said so. */
export const STUDIO_BROWSERS: readonly InstalledBrowser[] = [
  { name: 'chrome', executablePath: findBrowser() },
  { name: 'firefox', executablePath: findProgram('firefox', 'firefox-esr') },
];

for (const { name, executablePath } of STUDIO_BROWSERS)
  if (executablePath === null) console.warn(`SKIPPED: the studio in ${name}, which is not installed`);

export type StudioTab = 'Scene' | 'Options' | 'Theme' | 'Export';

export function launchStudioBrowser({ name, executablePath }: InstalledBrowser): Promise<Browser> {
  const args = name === 'chrome' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return puppeteer.launch({ browser: name, executablePath: executablePath ?? '', args });
}

/**
 * Opens the studio, and returns the frame that holds its picture once every camera in it shows something. Throws what there
 * was instead.
 */
export async function openStudio(page: Page, url: string): Promise<Frame> {
  await page.goto(url);
  const picture = (await (await page.waitForSelector('iframe'))?.contentFrame()) as Frame;
  const isShown = () =>
    document.querySelector('.str-video__participant-view') !== null &&
    !document.querySelector('.str-video__participant-view:has(video) .str-video__video-placeholder');
  await picture.waitForFunction(isShown, { timeout: 60_000 }).catch(async (cause) => {
    const seen = await Promise.all(page.frames().map((frame) => frame.evaluate(describeFrame)));
    throw new Error(`the studio shows no people: ${JSON.stringify(seen)}`, { cause });
  });
  return picture;
}

/** Runs in a page. */
function describeFrame() {
  return {
    address: location.href,
    visibility: document.visibilityState,
    people: document.querySelectorAll('.str-video__participant-view').length,
    placeholders: document.querySelectorAll('.str-video__video-placeholder').length,
    videos: [...document.querySelectorAll('video')].map(({ readyState, paused, currentTime }) => ({
      readyState,
      paused,
      currentTime,
    })),
    text: document.body.innerText.slice(0, 300),
  };
}

export async function chooseTab(page: Page, name: StudioTab): Promise<void> {
  await page.locator(`::-p-xpath(//button[@role="tab"][text()="${name}"])`).click();
}
