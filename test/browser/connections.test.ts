import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PAGE_CHANNEL } from '../../shared/page/pageCalls.ts';
import { eventually } from '../support/eventually.ts';
import { findBrowser } from '../support/findBrowser.ts';
import { servePages } from '../support/servePages.ts';

const PRELOAD = fileURLToPath(new URL('../../dist/preload/preload.js', import.meta.url));

let browser: Browser;
let pages: Awaited<ReturnType<typeof servePages>>;

beforeAll(async () => {
  pages = await servePages();
  browser = await puppeteer.launch({
    executablePath: findBrowser() as string,
    pipe: true,
    args: ['--no-sandbox', '--allow-loopback-in-peer-connection'],
  });
});

afterAll(async () => {
  await browser?.close();
  await pages?.close();
});

/** A page whose connection for media ends in a frame of its own, which is not watched. */
async function openCall() {
  const page = await browser.newPage();
  const told: unknown[] = [];
  await page.exposeFunction('hear', (text: string) => {
    const signal = JSON.parse(text);
    if (signal.type === 'connection') told.push(signal);
  });
  await page.evaluateOnNewDocument((channel) => {
    performance.addEventListener(channel, (event) => {
      (window as unknown as { hear(text: string): void }).hear((event as CustomEvent).detail);
    });
  }, PAGE_CHANNEL);
  await page.evaluateOnNewDocument(await readFile(PRELOAD, 'utf8'));
  await page.goto(pages.url('connections.html'));
  await page.evaluate('connect()');
  return { page, states: () => told.map((signal) => (signal as { state: string }).state) };
}

async function timePasses(page: Page, ms: number): Promise<void> {
  await page.evaluate(`new Promise((resolve) => setTimeout(resolve, ${ms}))`);
}

test('a connection that ends at its other side is told as lost, and a new one as the end of the loss', async () => {
  const { page, states } = await openCall();
  await page.evaluate('vanish()');
  await eventually('it is lost', () => states().length === 1, { withinMs: 20_000 });
  expect(states()).toEqual(['lost']);
  await page.evaluate('connect()');
  await eventually('it is there again', () => states().length === 2);
  expect(states()).toEqual(['lost', 'restored']);
});

test('an app that hangs up, and later calls somebody else, has lost nothing', async () => {
  const { page, states } = await openCall();
  await page.evaluate('hangUp()');
  await timePasses(page, 1_500);
  await page.evaluate('connect()');
  await timePasses(page, 500);
  expect(states()).toEqual([]);
});

test('the classes that are watched stay what they are for the page', async () => {
  const { page } = await openCall();
  const facts = await page.evaluate(`[
    new RTCPeerConnection() instanceof RTCPeerConnection,
    typeof RTCPeerConnection.generateCertificate,
    RTCPeerConnection.name,
    WebSocket.OPEN,
    class extends RTCPeerConnection {}.prototype instanceof RTCPeerConnection,
  ]`);
  expect(facts).toEqual([true, 'function', 'RTCPeerConnection', 1, true]);
});
