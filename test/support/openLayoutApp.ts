import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import type { PageMessage } from '../../shared/page/pageMessages.ts';
import { findBrowser } from './findBrowser.ts';
import { serveFolder } from './serveFolder.ts';

/** The build that a worker serves to its tabs. */
const BUILT = fileURLToPath(new URL('../../dist/layout-app/', import.meta.url));

export interface LayoutApp {
  address: string;
  browser: Browser;
  close(): Promise<void>;
}

export interface OpenPage {
  page: Page;
  messages: PageMessage[];
  /** Milliseconds from `setupLayout` to the first message of this type. Throws if none comes within 8 s. */
  waitFor(type: PageMessage['type']): Promise<number>;
}

/** Serves the built layout app on loopback and starts a browser. */
export async function startLayoutApp(): Promise<LayoutApp> {
  const executablePath = process.env.COMPOSITOR_CHROMIUM ?? findBrowser() ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) throw new Error(`No browser at ${executablePath}`);
  const server = await serveFolder(BUILT);
  const browser = await puppeteer.launch({
    executablePath,
    args: [
      '--autoplay-policy=no-user-gesture-required',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
  return {
    browser,
    address: server.url(),
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/**
 * Opens the page as the worker does: the binding is defined before the page loads, and then `setupLayout` is
 * called.
 */
export async function openPage(app: LayoutApp, config: unknown, size = { width: 1280, height: 720 }) {
  const page = await app.browser.newPage();
  await page.setViewport(size);
  const messages: PageMessage[] = [];
  const arrivals = new Map<string, number>();
  await page.exposeFunction('hear', (message: PageMessage) => {
    messages.push(message);
    if (!arrivals.has(message.type)) arrivals.set(message.type, performance.now());
  });
  await page.evaluateOnNewDocument('window.callCompositor = { send: (message) => window.hear(message) };');
  await page.goto(app.address);
  const startMs = performance.now();
  await page.evaluate((given) => {
    (window as unknown as { setupLayout(config: unknown): void }).setupLayout(given);
  }, config);
  const waitFor = async (type: PageMessage['type']) => {
    while (!arrivals.has(type) && performance.now() - startMs < 8_000) {
      await new Promise((next) => setTimeout(next, 20));
    }
    const arrivedMs = arrivals.get(type);
    if (arrivedMs === undefined)
      throw new Error(`No "${type}" within 8 s; heard ${JSON.stringify(messages)}`);
    return arrivedMs - startMs;
  };
  return { page, messages, waitFor } satisfies OpenPage;
}

/**
 * Shows a scene on an open page, in a new call, so that nobody stays where an earlier scene put them.
 * Resolves once every picture in it is painted.
 */
export async function showScene(page: Page, config: object): Promise<void> {
  await page.evaluate((given) => {
    const { setupLayout } = window as unknown as { setupLayout(config: unknown): void };
    setupLayout({ ...given, test_environment: { participants: [], is_still: true } });
    setupLayout(given);
  }, config);
  await page.waitForFunction(
    () =>
      document.querySelector('.str-video__participant-view') !== null &&
      [...document.querySelectorAll('video')].every(({ videoWidth }) => videoWidth > 0) &&
      [...document.querySelectorAll('img')].every(({ complete }) => complete) &&
      !document.querySelector('.str-video__participant-view:has(video) .str-video__video-placeholder'),
    { polling: 'raf' },
  );
  await page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  });
}

/** A LayoutConfig with a demo call, as the worker makes it. */
export function demoConfig(layout: string, participants: number, more: Record<string, unknown> = {}) {
  return {
    call_type: 'default',
    call_id: 'standup',
    api_key: '',
    token: '',
    user_id: '',
    base_url: '',
    layout,
    screenshare_layout: 'spotlight',
    ext_css: '',
    options: {},
    source: { kind: 'demo', participants, script: 'steady', durationS: null },
    test_environment: { participants: [{ sessionId: 'demo-1', name: 'Participant 1' }] },
    ...more,
  };
}
