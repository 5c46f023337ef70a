import puppeteer, { type Browser, type Page } from 'puppeteer';
import { findBrowser } from './findBrowser.ts';
import { findProgram } from './findProgram.ts';

/** The browsers that people have; null for one that is not installed. */
export const BROWSERS = {
  chrome: findBrowser(),
  firefox: findProgram('firefox', 'firefox-esr'),
} as const;
export type BrowserName = keyof typeof BROWSERS;
export const BROWSER_NAMES = Object.keys(BROWSERS) as BrowserName[];

export async function launchBrowser(name: BrowserName): Promise<Browser> {
  const executablePath = BROWSERS[name];
  if (executablePath === null) throw new Error(`${name} is not installed`);
  const args = name === 'chrome' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return puppeteer.launch({ browser: name, executablePath, args });
}

/** The page for people in a tab, and what a person does with it. */
export interface ConsolePage {
  readonly page: Page;
  /** What the browser complained of: errors that nobody caught, and what the policy of the page refused. */
  readonly complaints: string[];
  /** Signs in with the secret of an API key, or with a token. */
  signIn(given: { key: string; secret?: string; token?: string; isViewer?: boolean }): Promise<void>;
  /** Clicks the button or link with this text, within `scope`. */
  press(text: string, scope?: string): Promise<void>;
  /** Waits until the text is there. */
  sees(text: string, scope?: string): Promise<void>;
  /** Waits until it is not there any more. */
  misses(selector: string): Promise<void>;
  /** Writes into the field with this label, in place of what is there. */
  write(label: string, text: string): Promise<void>;
  /** Opens a place of the page by the fragment of its address. */
  go(hash: string): Promise<void>;
}

/** Less than the 30 s after which the page asks for everything anew: what an event tells must be seen before. */
const PATIENT = { timeout: 25_000 };
/**
 * What the policy refuses on purpose: the fonts that Bull Board asks another server for, and code made from text, for which
 * the library that reads settings asks once and then does without.
 */
const EXPECTED = /fonts\.googleapis\.com|\beval\b/;

/** Opens the page for people of a server. */
export async function openConsole(browser: Browser, url: string, size = { width: 1366, height: 768 }) {
  const page = await browser.newPage();
  await page.setViewport(size);
  return consoleIn(page, url);
}

export async function consoleIn(page: Page, url: string): Promise<ConsolePage> {
  const complaints: string[] = [];
  page.on('pageerror', (error) => {
    if (!EXPECTED.test(String(error))) complaints.push(String(error));
  });
  page.on('console', (message) => {
    const text = message.text();
    if (/content.security.policy|refused to/i.test(text) && !EXPECTED.test(text)) complaints.push(text);
  });
  page.setDefaultTimeout(PATIENT.timeout);
  await page.goto(url);
  const within = (scope: string) => (scope === '' ? '/' : `//*[${hasClass(scope)}]/`);
  const textOf = (text: string) => `contains(normalize-space(), ${quoted(text)})`;
  const write = async (label: string, text: string) => {
    const field = await page.waitForSelector(
      `::-p-xpath(//label[${textOf(label)}]//*[self::input or self::textarea or self::select] | //*[@aria-label=${quoted(label)}])`,
      { visible: true },
    );
    await field?.focus();
    await field?.evaluate((element) => (element as HTMLInputElement).select());
    await page.keyboard.press('Backspace');
    if (text) await field?.type(text);
  };
  return {
    page,
    complaints,
    write,
    signIn: async ({ key, secret, token, isViewer = false }) => {
      await write('API key', key);
      if (token !== undefined) {
        await page.locator('::-p-xpath(//label[contains(., "a token")])').click();
        await write('Token', token);
      } else {
        await write('Secret', secret ?? '');
        if (isViewer) await page.locator('::-p-xpath(//label[contains(., "Only look")])').click();
      }
      await page.locator('button[type=submit]').click();
    },
    press: (text, scope = '') =>
      page
        .locator(
          `::-p-xpath(${within(scope)}/*[self::button or self::a or self::summary][normalize-space()=${quoted(text)}])`,
        )
        .click(),
    sees: async (text, scope = '') => {
      await page.waitForSelector(`::-p-xpath(${within(scope)}/*[text()[${textOf(text)}]])`, {
        visible: true,
      });
    },
    misses: async (selector) => {
      await page.waitForFunction((wanted) => document.querySelector(wanted) === null, {}, selector);
    },
    go: async (hash) => {
      await page.evaluate((fragment) => {
        location.hash = fragment;
      }, hash);
    },
  };
}

function hasClass(name: string): string {
  return `contains(concat(" ", @class, " "), ${quoted(` ${name} `)})`;
}

function quoted(text: string): string {
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}
