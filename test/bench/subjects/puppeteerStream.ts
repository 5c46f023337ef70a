import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { findBrowser } from '../../support/findBrowser.ts';
import { familyOf } from '../processTree.ts';
import type { Subject } from './subject.ts';

interface PuppeteerStream {
  launch(library: typeof puppeteer, options: object): Promise<Browser>;
  getStream(page: Page, options: object): Promise<NodeJS.ReadableStream & { stop(): Promise<void> }>;
}

const require = createRequire(import.meta.url);
const library = resolveLibrary();

/**
 * Records with the npm package puppeteer-stream: tabCapture and MediaRecorder in an extension of its own. It
 * is not a dependency.
 */
export const puppeteerStream: Subject = {
  name: 'puppeteer-stream',
  label: 'puppeteer-stream (MediaRecorder)',
  missing: library ? null : 'puppeteer-stream is missing (npm install --no-save puppeteer-stream)',
  start: async ({ recorded, size, folder }) => {
    const { launch, getStream } = require(String(library)) as PuppeteerStream;
    const browser = await launch(puppeteer, {
      executablePath: findBrowser() ?? undefined,
      headless: 'new',
      networkEnabled: false,
      defaultViewport: { width: size.widthPx, height: size.heightPx },
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--autoplay-policy=no-user-gesture-required',
        '--allow-loopback-in-peer-connection', // as in browserPage.ts
        `--window-size=${size.widthPx},${size.heightPx}`,
      ],
    });
    const tab = await browser.newPage();
    await recorded.open(tab);
    const videoBitsPerSecond = size.heightPx > 720 ? 4_500_000 : 3_000_000;
    const mimeType = 'video/mp4;codecs=avc1.42E01F,opus';
    const stream = await getStream(tab, {
      audio: true,
      video: true,
      mimeType,
      videoBitsPerSecond,
      frameSize: 1000,
    });
    const file = join(folder, 'puppeteer-stream.mp4');
    const written = createWriteStream(file);
    stream.pipe(written);
    return {
      // This process takes the bytes from the browser and writes them.
      processes: () => [process.pid, ...familyOf(Number(browser.process()?.pid))],
      stop: async () => {
        const finished = once(written, 'close');
        await stream.stop(); // the last fragment of the file comes after that
        await finished;
        await browser.close();
        return file;
      },
    };
  },
};

function resolveLibrary(): string | null {
  try {
    return require.resolve('puppeteer-stream');
  } catch {
    return null;
  }
}
