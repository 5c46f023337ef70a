import type { Browser, Frame, KeyInput, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StudioServer, serveStudio } from '../../worker/studio/serveStudio.ts';
import { THEME_NAMES } from '../generate/themeGuide.ts';
import { chooseTab, launchStudioBrowser, openStudio, STUDIO_BROWSERS } from '../support/openStudio.ts';

/** The built studio: the server finds it beside the compiled worker. */
const BUILT = new URL('../../dist/worker/studio/serveStudio.js', import.meta.url).href;

/** For a machine that is busy. */
const SOON = { timeout: 30_000 };

let server: StudioServer;
let browser: Browser;
let page: Page;
let picture: Frame;

beforeAll(async () => {
  const built: { serveStudio: typeof serveStudio } = await import(/* @vite-ignore */ BUILT);
  server = await built.serveStudio({});
});

afterAll(() => server?.close());

const tab = (name: 'Theme' | 'Scene') => chooseTab(page, name);
const labelled = (name: string) => page.waitForSelector(`::-p-aria(${name})`);
const openEditor = async () => {
  await tab('Theme');
  await (await page.waitForSelector('.cm-content'))?.click();
};
/** Opens the editor without a theme, with the caret in it. */
const openEmpty = async () => {
  await openEditor();
  await shortcut('a');
  await page.keyboard.press('Delete');
  await isWritten('');
};
const written = () => page.$$eval('.cm-line', (lines) => lines.map((line) => line.textContent).join('\n'));
/** What is wrong, as the panel lists it. */
const isSaid = (text: string) =>
  page.waitForFunction(
    (wanted) => document.querySelector('.studio-problems')?.textContent?.includes(wanted),
    {},
    text,
  );
const isWritten = (text: string) => expect.poll(written, SOON).toBe(text);
/** How many of the scripts that are loaded hold the editor. */
async function scriptsWithEditor(): Promise<number> {
  const addresses = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => name),
  );
  const scripts = addresses.filter((address) => address.endsWith('.js'));
  const texts = await Promise.all(scripts.map(async (address) => (await fetch(address)).text()));
  expect(texts.length).toBeGreaterThan(0);
  return texts.filter((text) => text.includes('cm-content')).length;
}
const isInEditor = () => page.evaluate(() => document.activeElement?.closest('.cm-editor') !== null);
const shortcut = async (key: KeyInput) => {
  await page.keyboard.down('Control');
  await page.keyboard.press(key);
  await page.keyboard.up('Control');
};

/** The marks follow what is typed a moment later. */
const isMarked = (selector: string, part: string) =>
  expect.poll(() => page.$$eval(selector, ([first]) => first?.textContent), SOON).toBe(part);

describe.each(STUDIO_BROWSERS)('in $name', (installed) => {
  const { executablePath } = installed;
  let scriptsAtFirst: number;

  // To open the studio takes longer than what the tests do in it, so that they share one.
  beforeAll(async () => {
    if (!executablePath) return;
    browser = await launchStudioBrowser(installed);
    page = await browser.newPage();
    await page.setViewport({ width: 1366, height: 768 });
    picture = await openStudio(page, server.url);
    scriptsAtFirst = await scriptsWithEditor();
  }, 90_000);

  afterAll(() => browser?.close());

  test.skipIf(!executablePath)('is loaded when the panel is opened, and not before', async () => {
    expect(scriptsAtFirst).toBe(0);
    await openEditor();
    expect(await scriptsWithEditor()).toBe(1);
  });

  test.skipIf(!executablePath)('has a name for screen readers', async () => {
    await openEditor();
    await page.waitForSelector('::-p-aria([name="Theme"][role="textbox"])');
  });

  test.skipIf(!executablePath)('takes a rule for a class, and the theme is saved as a file', async () => {
    await openEmpty();
    await (await labelled('Add a rule for str-video__participant-view'))?.click();
    await expect.poll(isInEditor, SOON).toBe(true);
    await page.keyboard.type('border-radius: 33px;');
    await picture.waitForFunction(
      () =>
        getComputedStyle(document.querySelector('.str-video__participant-view') as Element).borderRadius ===
        '33px',
    );
    const saved = await page.$eval('a[download]', ({ href }) => decodeURIComponent(href));
    expect(saved).toContain('.str-video__participant-view {\n  border-radius: 33px;\n}');
  });

  test.skipIf(!executablePath)('marks problems where they are, and leads to them', async () => {
    await openEmpty();
    await page.keyboard.type('.str-video { colour: red; top: 1px }}');
    await isSaid('that closes nothing');
    await isSaid('did you mean "color"?');
    await isMarked('.cm-lintRange-error', '}');
    await isMarked('.cm-lintRange-warning', 'colour: red');
    await page.locator('::-p-xpath(//button[.="line 1, column 14"])').click();
    await expect.poll(isInEditor, SOON).toBe(true);
    await page.keyboard.press('Delete');
    await isWritten('.str-video { olour: red; top: 1px }}');
  });

  test.skipIf(!executablePath).each([
    ['.a { color red; top: 1px }', 'color red; top: 1px', 'is a colon or a semicolon missing?'],
    ['.a { color: reed }', 'color: reed', '"color" does not take the value "reed"'],
    ['.str-video__vidoe { top: 0 }', 'str-video__vidoe', 'did you mean "str-video__video"?'],
    ['.a { color: var(--titel-color) }', '--titel-color', 'did you mean "--title-color"?'],
  ])('%s: marks %j', async (css, part, message) => {
    await openEmpty();
    await page.keyboard.type(css);
    await isSaid(message);
    await isMarked('.cm-lintRange', part);
  });

  test.skipIf(!executablePath).each(THEME_NAMES)('finds nothing wrong with the theme %s', async (theme) => {
    await openEmpty();
    await page.keyboard.type('.a');
    await page.waitForSelector('.studio-problems');
    await (await labelled('Start from'))?.select(theme);
    await page.waitForSelector('.studio-problems', { hidden: true });
  });

  test.skipIf(!executablePath)('proposes our names, and writes the chosen one', async () => {
    await openEmpty();
    await page.keyboard.type('.details__na');
    const chosen = () =>
      page.evaluate(
        () => document.querySelector('.cm-tooltip-autocomplete [aria-selected]')?.textContent ?? '',
      );
    await expect.poll(chosen, SOON).toBe('str-video__participant-details__name');
    // For a moment, so that nobody chooses by mistake, the list does not heed keys.
    await expect
      .poll(async () => {
        if (!(await chosen()).endsWith('muted')) await page.keyboard.press('ArrowDown');
        return chosen();
      }, SOON)
      .toBe('str-video__participant-details__name--audio-muted');
    await page.waitForFunction(() =>
      document.querySelector('.cm-completionInfo')?.textContent?.includes('participant is muted'),
    );
    await page.keyboard.press('Enter');
    await isWritten('.str-video__participant-details__name--audio-muted');
  });

  test.skipIf(!executablePath)(
    'undoes and repeats, also what the panel did, and after another tab was open',
    async () => {
      await openEmpty();
      await page.keyboard.type('/* mine */');
      await (await labelled('Start from'))?.select('paper');
      await expect.poll(written, SOON).toContain('.str-video');
      await tab('Scene');
      await openEditor();
      await shortcut('z');
      await isWritten('/* mine */');
      await shortcut('y');
      await expect.poll(written, SOON).toContain('.str-video');
    },
  );

  test.skipIf(!executablePath)('is left by Escape and Tab, while Tab alone indents', async () => {
    await openEmpty();
    await page.keyboard.press('Tab');
    await isWritten('  ');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    expect(await isInEditor()).toBe(false);
  });

  test.skipIf(!executablePath)('searches', async () => {
    await openEmpty();
    await page.keyboard.type('.a {} .b {} .a {}');
    await shortcut('f');
    await page.waitForSelector('.cm-search');
    await page.keyboard.type('.a');
    await expect.poll(() => page.$$eval('.cm-searchMatch', ({ length }) => length), SOON).toBe(2);
  });
});
