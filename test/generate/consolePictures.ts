import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer';
import { type Client, createClient } from '../../worker/client/api/createClient.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/freePort.ts';
import { type ConsolePage, launchBrowser, openConsole } from '../support/openConsole.ts';
import { KEYS, signToken } from '../support/startApi.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

const MAIN = fileURLToPath(new URL('../../dist/worker/main.js', import.meta.url));
const FOLDER = fileURLToPath(new URL('../../docs/console', import.meta.url));
const DESK = { width: 1366, height: 850 };
const PHONE = { width: 390, height: 844 };
const WEBP_QUALITY = 80;
const SLOW = { withinMs: 120_000 };
/** Until a picture of the last second has come, and what was just drawn stands still. */
const SETTLED_MS = 2_500;
const { key: apiKey, secret } = KEYS.acme;

/** Takes the pictures of docs/console.md: of a real server and a real worker that records simulated calls. */
export async function consolePictures(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const compositor = await startCompositor();
  const url = `http://127.0.0.1:${await freePort()}`;
  const server = await startServer(compositor, url);
  const browser = await launchBrowser('chrome');
  try {
    const client = createClient({ url, apiKey, token: await signToken({}, 'acme') });
    const finished = await recordOne(client);
    const running = await startSome(client);
    const desk = await openConsole(browser, url, DESK);
    await picture(desk.page, 'sign-in');
    await desk.signIn({ key: apiKey, secret });
    await desk.sees('standup');
    await picture(desk.page, 'recordings');
    await visit(desk, `#/recordings/${running}`, 'running');
    await desk.go(`#/recordings/${finished}`);
    await desk.page.waitForSelector('[data-drawn="8"]');
    await picture(desk.page, 'finished');
    await visit(desk, '#/start', 'start');
    await visit(desk, '#/workers', 'workers');
    await desk.go(`#/recordings/${running}`);
    await desk.press('Open in studio');
    await desk.page.waitForSelector('iframe');
    await picture(desk.page, 'studio');
    const phone = await openConsole(browser, `${url}/#/recordings/${running}`, PHONE);
    await phone.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    await phone.signIn({ key: apiKey, secret });
    await phone.sees('standup', 'one');
    await picture(phone.page, 'phone');
  } finally {
    await browser.close();
    server.kill('SIGTERM');
    await once(server, 'exit');
    await compositor.close();
  }
}

async function visit(console: ConsolePage, hash: string, name: string): Promise<void> {
  await console.go(hash);
  await picture(console.page, name);
}

async function picture(page: Page, name: string): Promise<void> {
  await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), SETTLED_MS);
  const path = join(FOLDER, `${name}.webp`);
  await writeFile(path, await page.screenshot({ type: 'webp', quality: WEBP_QUALITY }));
  console.log(path);
}

/** A recording of some seconds that is over. */
async function recordOne(client: Client): Promise<string> {
  const layout = { name: 'spotlight', options: { 'title.text': 'All hands', 'layout.theme': 'dark' } };
  const { id } = await client.start({ call_id: 'all-hands', quality: '480p', layout });
  const isLong = async () => ((await client.get(id)).progress?.elapsed_s ?? 0) > 8;
  await eventually('it is long enough', isLong, SLOW);
  await client.stop(id);
  await eventually('it is stored', async () => (await client.get(id)).state === 'ready', SLOW);
  return id;
}

/** Two recordings that run. Resolves to the newer one. */
async function startSome(client: Client): Promise<string> {
  await client.start({ call_id: 'board-meeting', quality: '360p', layout: { name: 'sidebar' } });
  const layout = { name: 'grid', options: { 'title.text': 'Weekly stand-up' } };
  const { id } = await client.start({ call_id: 'standup', quality: '360p', layout });
  await eventually('it runs', async () => ((await client.get(id)).progress?.elapsed_s ?? 0) > 3, SLOW);
  return id;
}

async function startServer(compositor: Compositor, url: string): Promise<ChildProcess> {
  const path = join(compositor.recordingsDir, 'api.json');
  const config = {
    ...{
      listen: new URL(url).host,
      public_url: url,
      link_secret: 'a secret that signs the links of pictures',
    },
    dashboard: { keys: [apiKey] },
    tenants: { acme: { api_keys: { [apiKey]: secret }, source: { kind: 'demo', participants: 5 } } },
  };
  await writeFile(path, JSON.stringify(config));
  const server = spawn(process.execPath, [MAIN, 'serve', '--config', path], {
    env: compositor.env,
    stdio: 'ignore',
  });
  await eventually('the server answers', async () => (await fetch(`${url}/healthz`)).ok, {
    withinMs: 30_000,
  });
  return server;
}
