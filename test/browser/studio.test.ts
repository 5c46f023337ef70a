import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Frame, Page } from 'puppeteer';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { THEME_DEFAULTS } from '../../shared/layout/builtInThemes.ts';
import { parseRecordingRequest } from '../../shared/request/parseRecordingRequest.ts';
import type { StudioServer, serveStudio } from '../../worker/studio/serveStudio.ts';
import {
  chooseTab,
  launchStudioBrowser,
  openStudio,
  STUDIO_BROWSERS,
  type StudioTab,
} from '../support/openStudio.ts';

/** The built studio: the server finds it beside the compiled worker. */
const BUILT = new URL('../../dist/worker/studio/serveStudio.js', import.meta.url).href;

let folder: string;
let theme: string;
let built: { serveStudio: typeof serveStudio };
let server: StudioServer;
let browser: Browser;
let page: Page;
let picture: Frame;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studio-'));
  theme = join(folder, 'theme.css');
  built = await import(/* @vite-ignore */ BUILT);
  await writeFile(theme, '');
  server = await built.serveStudio({ css: theme });
});

afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(url: string): Promise<void> {
  picture = await openStudio(page, url);
}

const tab = (name: StudioTab) => chooseTab(page, name);
const labelled = (name: string) => page.waitForSelector(`::-p-aria(${name})`);
/** By its label's text, since Firefox gives a label the same accessible name as its select. */
const controlOf = (key: string) =>
  page.waitForSelector(`::-p-xpath(//*[@id = //label[text()="${key}"]/@for])`);
const isInPicture = (selector: string) => picture.waitForSelector(selector, { timeout: 30_000 });

const hasRadius = (radius: string) =>
  picture.waitForFunction(
    (wanted) =>
      getComputedStyle(document.querySelector('.str-video__participant-view') as Element).borderRadius ===
      wanted,
    {},
    radius,
  );

describe.each(STUDIO_BROWSERS)('in $name', (installed) => {
  const { executablePath } = installed;

  beforeAll(async () => {
    if (!executablePath) return;
    browser = await launchStudioBrowser(installed);
  }, 60_000);

  afterAll(() => browser?.close());

  beforeEach(async () => {
    if (!executablePath) return;
    await writeFile(theme, '.str-video__participant-view { border-radius: 7px; }');
    page = await browser.newPage();
    await page.setViewport({ width: 1366, height: 768 });
    await open(server.url);
    return () => page.close();
  });

  test.skipIf(!executablePath)('shows what is chosen: layout, people, who speaks and shares', async () => {
    await (await labelled('Layout'))?.select('grid');
    await isInPicture('[data-layout="grid"]');
    await (await labelled('Mateo Rivera speaks'))?.click();
    await isInPicture('[data-participant-id="studio-1"].str-video__participant-view--speaking');
    await (await labelled('Mateo Rivera shares'))?.click();
    await isInPicture('[data-layout="spotlight"] .str-video__video--screen-share');
    await (await labelled('Layout'))?.select('sidebar');
    await isInPicture('[data-layout="sidebar"] .str-video__video--screen-share');
    await (await labelled('Cameras'))?.select('9:16');
    await isInPicture('.str-video__video--tall');
  });

  describe('an option', () => {
    test.skipIf(!executablePath)(
      'has its effect at once, is told when it does not fit, and goes back to its default',
      async () => {
        await tab('Options');
        const input = await labelled('title.text');
        await input?.type('Weekly');
        await isInPicture('.eca__logo-and-title-overlay__title');
        const width = await labelled('participant.outline_width');
        await width?.click({ count: 3 });
        await width?.type('much');
        await page.waitForSelector('::-p-text(is not a length)');
        await (await labelled('Back to the default of title.text'))?.click();
        await picture.waitForFunction(() => !document.querySelector('.eca__logo-and-title-overlay__title'));
      },
    );

    test.skipIf(!executablePath)(
      'chooses a built-in theme, whose defaults the other options show',
      async () => {
        await tab('Options');
        await (await controlOf('layout.theme'))?.select('light');
        await isInPicture('[data-theme="light"]');
        const shown = await (await controlOf('title.color'))?.evaluate(
          (input) => (input as HTMLInputElement).value,
        );
        expect(shown).toBe(THEME_DEFAULTS.light['title.color']);
      },
    );

    test.skipIf(!executablePath)('can be reached and changed by keyboard alone', async () => {
      await tab('Options');
      const focused = () =>
        page.evaluate(
          () =>
            document.activeElement?.id &&
            document.querySelector(`label[for="${document.activeElement.id}"]`)?.textContent,
        );
      for (let step = 0; step < 60 && (await focused()) !== 'video.scale_mode'; step++)
        await page.keyboard.press('Tab');
      expect(await focused()).toBe('video.scale_mode');
      await page.keyboard.press('ArrowUp');
      await picture.waitForFunction(
        () =>
          getComputedStyle(document.querySelector('.str-video__video') as Element).objectFit === 'contain',
      );
    });
  });

  test.skipIf(!executablePath)('follows a theme in a file as it is saved', async () => {
    await tab('Theme');
    await hasRadius('7px');
    await writeFile(theme, '.str-video__participant-view { border-radius: 21px; }');
    await hasRadius('21px');
    await page.waitForFunction(() => document.querySelector('.cm-content')?.textContent?.includes('21px'));
    expect(await page.$eval('.cm-content', (text) => text.getAttribute('aria-readonly'))).toBe('true');
  });

  test.skipIf(!executablePath)(
    'a click on a part of the picture shows its class, and the options that touch it',
    async () => {
      await isInPicture('.str-video__participant-details__name');
      const at = await page.evaluate(() => {
        const frame = document.querySelector('iframe') as HTMLIFrameElement;
        const outer = frame.getBoundingClientRect();
        const scale = outer.width / frame.offsetWidth;
        const name = frame.contentDocument?.querySelector('.str-video__participant-details__name') as Element;
        const { left, top, width, height } = name.getBoundingClientRect();
        return { x: outer.left + (left + width / 2) * scale, y: outer.top + (top + height / 2) * scale };
      });
      await page.mouse.click(at.x, at.y);
      await page.waitForSelector('::-p-text(participant_label.text_color)');
      // The outlines are drawn anew whenever the picture changes.
      await page.waitForFunction(() => document.querySelectorAll('.studio-outline').length > 1);
      expect(await page.$$eval('.studio-option', (options) => options.length)).toBe(1);
    },
  );

  test.skipIf(!executablePath)('a link restores everything, and the exported job is one', async () => {
    await (await labelled('Quality'))?.select('portrait-720x1280');
    await tab('Options');
    await (await labelled('title.text'))?.type('Ünïcode 🎉');
    await isInPicture('.eca__logo-and-title-overlay__title');
    const link = page.url();
    await page.goto('about:blank');
    await open(link);
    await isInPicture('.eca__logo-and-title-overlay__title');
    await tab('Export');
    const exported = await page.$eval('textarea', ({ value }) => value);
    const { picture, layout } = parseRecordingRequest('x', JSON.parse(exported));
    expect([picture.heightPx, layout.options]).toEqual([1280, { 'title.text': 'Ünïcode 🎉' }]);
  });
});
