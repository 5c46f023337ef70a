import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer';
import { findBrowser } from '../browser/findBrowser.ts';
import { browserEnvironment } from '../browserEnvironment.ts';

/** Saves the picture of a recording at a time, in seconds, as a PNG beside it. Returns the path of the PNG. */
export async function saveFrame(file: string, atS: number, chromium: string | null): Promise<string> {
  const png = file.replace(/\.\w+$/, '.png');
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await puppeteer.launch({
    executablePath: await findBrowser(chromium),
    args,
    env: browserEnvironment(process.env),
    pipe: true,
  });
  try {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(file).href);
    const size = (await page.evaluate(showFrame(atS))) as {
      width: number;
      height: number;
    };
    await page.setViewport(size);
    await page.screenshot({ path: png as `${string}.png` });
    return png;
  } finally {
    await browser.close();
  }
}

/**
 * Chromium shows a video file as a page with one <video>. This script fills the page with it and pauses it at
 * the time.
 */
function showFrame(atS: number): string {
  return `(async () => {
    const video = document.querySelector('video');
    video.controls = false;
    video.style.cssText = 'position:fixed;inset:0;width:100%;height:100%';
    video.pause();
    await new Promise((resolve) => { video.onseeked = resolve; video.currentTime = ${atS}; });
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return { width: video.videoWidth, height: video.videoHeight };
  })()`;
}
