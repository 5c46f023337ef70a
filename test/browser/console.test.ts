import { fileURLToPath } from 'node:url';
import type { Browser } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/freePort.ts';
import {
  BROWSER_NAMES,
  BROWSERS,
  type ConsolePage,
  launchBrowser,
  openConsole,
} from '../support/openConsole.ts';
import { type ApiWorld, KEYS, startApi } from '../support/startApi.ts';

const PAGES = fileURLToPath(new URL('../../dist/layout-app', import.meta.url));
const PHONE = { width: 390, height: 844 };

for (const name of BROWSER_NAMES)
  if (BROWSERS[name] === null)
    console.warn(`SKIPPED: the page for people in ${name}, which is not installed`);

describe.each(BROWSER_NAMES)('the page for people in %s', (name) => {
  const isMissing = BROWSERS[name] === null;
  let browser: Browser;
  let world: ApiWorld;
  let console: ConsolePage;

  beforeAll(async () => {
    if (isMissing) return;
    browser = await launchBrowser(name);
  }, 60_000);
  afterAll(() => browser?.close());

  beforeEach(async () => {
    if (isMissing) return;
    const listen = `127.0.0.1:${await freePort()}`;
    world = await startApi({
      pagesFolder: PAGES,
      config: { listen, public_url: `http://${listen}`, dashboard: { keys: [KEYS.acme.key] } },
    });
    console = await openConsole(browser, world.url);
    return async () => {
      await console.page.evaluate(() => sessionStorage.clear());
      await console.page.close();
      await world.close();
    };
  });
  afterEach(() => {
    if (!isMissing) expect(console.complaints).toEqual([]);
  });

  const signIn = (isViewer = false) =>
    console.signIn({ key: KEYS.acme.key, secret: KEYS.acme.secret, isViewer });
  const start = async (callId: string, body: object = {}) => {
    const answer = await world.call('POST', '/api/v1/recordings', { call_id: callId, ...body });
    expect(answer.status).toBe(201);
    return String(answer.body.id);
  };
  const progress = (id: string, elapsedS: number) =>
    world.tells(id, {
      type: 'call.recording_progress',
      ...{ elapsed_s: elapsedS, frames: elapsedS * 30, dropped_frames: 4, size_bytes: 12_300_000 },
    });
  const stateOf = async (id: string) => (await world.call('GET', `/api/v1/recordings/${id}`)).body.state;

  test.skipIf(isMissing)('says why it lets nobody in, and keeps no secret', async () => {
    await console.signIn({ key: KEYS.acme.key, secret: 'another secret of 16 signs' });
    await console.sees('is not made with the secret of this api_key');
    await console.signIn({ key: 'nobody', token: 'no token' });
    await console.sees('This is no token');
    await console.page.reload();
    await signIn();
    await console.sees('No recordings yet');
    const kept = await console.page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
    expect(kept).toContain(KEYS.acme.key);
    expect(kept).not.toContain(KEYS.acme.secret);
    await console.page.reload();
    await console.sees('No recordings yet');
    await console.page.locator('.who summary').click();
    await console.press('Sign out');
    await console.sees('Sign in to see');
    expect(await console.page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  test.skipIf(isMissing)('starts a recording, and shows as it comes what a worker tells of it', async () => {
    await signIn();
    await console.press('Start a recording');
    await console.write('Call', 'standup');
    await console.page.locator('::-p-xpath(//dialog//label[contains(., "grid")])').click();
    await console.page.locator('dialog button[type=submit]').click();
    await console.sees('The recording of default:standup is started.');
    const [job] = await world.jobs();
    if (!job) throw new Error('there is no job');
    expect(job.data).toMatchObject({ call: { id: 'standup' }, recording: { layout: { name: 'grid' } } });
    await console.sees('Waits for a worker');
    await world.begins(job.id);
    await progress(job.id, 65);
    await console.sees('1:05', 'screen');
    await console.sees('12.3 MB', 'facts');
    await console.sees('1,950', 'facts');
    await world.tells(job.id, {
      type: 'call.recording_warning',
      warning: { code: 'page_slow', message: 'The page draws too slowly', at_s: 70 },
    });
    await console.sees('The page draws too slowly', 'warnings');
  });

  test.skipIf(isMissing)(
    'pauses, resumes, changes and stops a recording, and asks before it deletes one',
    async () => {
      const id = await start('standup', { layout: { name: 'grid', options: { 'title.text': 'Before' } } });
      await world.begins(id);
      await signIn();
      await console.go(`#/recordings/${id}`);
      await console.press('Pause');
      await eventually('it is paused', async () =>
        (await world.commands(id)).some(({ type }) => type === 'pause'),
      );
      await world.tells(id, { type: 'call.recording_phase', phase: 'paused' });
      await console.sees('Nothing is captured. The file goes on when it is resumed.');
      await console.press('Resume');
      await eventually('it goes on', async () =>
        (await world.commands(id)).some(({ type }) => type === 'resume'),
      );
      await world.tells(id, { type: 'call.recording_phase', phase: 'recording' });
      await console.page.locator('::-p-xpath(//*[@class="layouts"]//label[contains(., "sidebar")])').click();
      await console.write('Title', 'Questions');
      await console.press('Change it');
      await console.sees('The layout is changed.');
      expect(await world.layoutChanges(id)).toEqual([
        { name: 'sidebar', options: { 'title.text': 'Questions' } },
      ]);
      await console.write('Stylesheet', 'https://design.example/theme.css');
      await console.press('Change it');
      await eventually(
        'the second change is there',
        async () => (await world.layoutChanges(id)).length === 2,
      );
      expect((await world.layoutChanges(id))[1]).toEqual({
        external_css_url: 'https://design.example/theme.css',
      });
      await console.press('Stop');
      await console.press('Stop it');
      await eventually('it is stopped', async () => (await world.stops()).includes(id));
      await world.ends(id);
      await console.sees('Ready', 'one-head');
      await console.press('Delete');
      await console.press('Cancel', 'dialog');
      expect(await stateOf(id)).toBe('ready');
      await console.press('Delete');
      await console.press('Delete it');
      await console.sees('No recordings yet');
      expect((await world.call('GET', `/api/v1/recordings/${id}`)).status).toBe(404);
    },
  );

  test.skipIf(isMissing)('a viewer sees everything and has no button that changes anything', async () => {
    const id = await start('standup');
    await world.begins(id);
    await signIn(true);
    await console.sees('Read-only');
    await console.go(`#/recordings/${id}`);
    await console.sees('standup', 'one');
    await console.sees('Recording', 'one-head');
    const buttons = await console.page.$$eval('.one button, .filters a', (all) =>
      all.map((one) => one.textContent),
    );
    expect(buttons.filter((text) => /stop|pause|change|delete|start/i.test(text ?? ''))).toEqual([]);
    expect(await console.page.$('::-p-xpath(//nav//a[text()="Queue"])')).toBeNull();
  });

  test.skipIf(isMissing)(
    'a user sees one call at a time, and is told by the server what it may not',
    async () => {
      const id = await start('standup');
      await start('webinar');
      await world.begins(id);
      const token = await world.token({ user_id: 'ana', role: 'user' });
      await world.call('POST', '/video/call/default/standup', {
        data: { members: [{ user_id: 'ana', role: 'user' }] },
      });
      await console.signIn({ key: KEYS.acme.key, token });
      await console.sees('Which call?');
      await console.write('Find a call', 'default:standup');
      await console.sees('standup', 'rows');
      await console.go(`#/recordings/${id}?call=default%3Astandup`);
      await console.press('Stop');
      await console.press('Stop it');
      await console.sees('has no permission StopRecording');
      expect(await stateOf(id)).toBe('recording');
    },
  );

  test.skipIf(isMissing)('finds recordings by call, state and time, and each search is a link', async () => {
    const days = (count: number) => Date.now() - count * 24 * 60 * 60 * 1000;
    for (const [call, createdAt] of [
      ['standup', days(0)],
      ['webinar', days(3)],
      ['Board-Meeting', days(40)],
    ] as const)
      await world.keep(call, { createdAt });
    const failed = await start('broken');
    await world.tells(failed, { type: 'call.recording_phase', phase: 'failed' });
    await signIn();
    const names = () => console.page.$$eval('.row-name b', (all) => all.map((one) => one.textContent));
    const found = (wanted: string[]) =>
      eventually(`there are ${wanted}`, async () => (await names()).join() === wanted.join());
    await console.sees('Board-Meeting');
    await console.page.keyboard.press('/');
    await console.page.keyboard.type('board');
    await found(['Board-Meeting']);
    expect(console.page.url()).toContain('call=board');
    await console.page.reload();
    await found(['Board-Meeting']);
    await console.go('#/');
    await console.press('Ready');
    await found(['standup', 'webinar', 'Board-Meeting']);
    const day = (at: number) => new Date(at).toISOString().slice(0, 10);
    await console.go(`#/?from=${day(days(10))}&until=${day(days(1))}`);
    await found(['webinar']);
    await console.go('#/?call=nobody');
    await console.sees('Nothing fits');
    await console.press('Show all');
    await console.sees('Board-Meeting');
  });

  test.skipIf(isMissing)(
    'lists a thousand recordings, and only those that are seen are in the page',
    async () => {
      const now = Date.now();
      await Promise.all(
        Array.from({ length: 1_000 }, (_, at) => world.keep(`call-${at}`, { createdAt: now - at * 60_000 })),
      );
      await signIn();
      await console.sees('call-0');
      const bottom = () =>
        console.page.$eval('.rows', (rows) => {
          rows.scrollTop = rows.scrollHeight;
          return [...rows.querySelectorAll('.row-name b')].at(-1)?.textContent;
        });
      await eventually('the last one is reached', async () => (await bottom()) === 'call-999', {
        withinMs: 60_000,
      });
      expect(await console.page.$$eval('.rows li', (all) => all.length)).toBeLessThan(40);
      // Through all of them and back: a frame that takes long is one that people see.
      const slowestMs = await console.page.$eval('.rows', async (rows) => {
        const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
        const took: number[] = [];
        const step = rows.scrollHeight / 60;
        for (let at = 60; at >= 0; at -= 1) {
          const begun = performance.now();
          rows.scrollTop = at * step;
          await frame();
          await frame();
          took.push(performance.now() - begun);
        }
        return took.sort((one, other) => one - other)[Math.floor(took.length * 0.9)];
      });
      expect(slowestMs).toBeLessThan(250);
    },
    120_000,
  );

  test.skipIf(isMissing)('works by keyboard alone, from signing in to deleting', async () => {
    await world.keep('older', { createdAt: Date.now() - 60_000 });
    await world.keep('newer');
    const { keyboard } = console.page;
    await console.page.waitForSelector('input[name=key]');
    const focusOn = async (wanted: string) => {
      const is = () => console.page.evaluate((selector) => document.activeElement?.matches(selector), wanted);
      for (let step = 0; step < 40 && !(await is()); step += 1) await keyboard.press('Tab');
      expect(await is()).toBe(true);
    };
    await focusOn('input[name=key]');
    await keyboard.type(KEYS.acme.key);
    await focusOn('input[name=secret]');
    await keyboard.type(KEYS.acme.secret);
    await keyboard.press('Enter');
    await console.sees('older');
    await focusOn('.row');
    await keyboard.press('ArrowDown');
    await eventually('the next one has the focus', () =>
      console.page.evaluate(() => document.activeElement?.textContent?.includes('older')),
    );
    await keyboard.press('Enter');
    await console.page.waitForSelector('#one-title:focus');
    await console.sees('Nothing is missing');
    const focused = () => console.page.evaluate(() => document.activeElement?.textContent);
    for (let step = 0; step < 20 && (await focused()) !== 'Delete'; step += 1) await keyboard.press('Tab');
    await keyboard.press('Enter');
    await console.page.waitForSelector('dialog[open]');
    await keyboard.press('Escape');
    await console.misses('dialog[open]');
    expect(await focused()).toBe('Delete');
    await keyboard.press('Enter');
    await console.page.waitForSelector('dialog[open]');
    for (let step = 0; step < 5 && (await focused()) !== 'Delete it'; step += 1) await keyboard.press('Tab');
    await keyboard.press('Enter');
    await console.sees('The recording of default:older is deleted.');
  });

  test.skipIf(isMissing)('fits a phone: nothing is wider than the screen', async () => {
    const { id } = await world.keep(
      'a-call-with-a-very-long-name-that-nobody-would-give-it-but-somebody-does',
    );
    const running = await start('standup');
    await world.begins(running);
    await console.page.setViewport(PHONE);
    await signIn();
    for (const hash of ['#/', `#/recordings/${id}`, `#/recordings/${running}`, '#/workers', '#/start']) {
      await console.go(hash);
      await console.page.waitForFunction((wanted) => location.hash === wanted, {}, hash);
      await console.page.waitForSelector(hash === '#/start' ? 'dialog[open]' : '.row, .one, .workers');
      const widths = await console.page.evaluate(() => [
        document.documentElement.scrollWidth,
        ...[...document.querySelectorAll('.one, .rows, .workers, dialog')].map((part) => part.scrollWidth),
      ]);
      expect(Math.max(...widths)).toBeLessThanOrEqual(PHONE.width);
    }
  });

  test.skipIf(isMissing)(
    'tells that the server is away, and goes on by itself when it is back',
    async () => {
      await world.keep('standup');
      await signIn();
      await console.sees('standup');
      await world.closeServers();
      await console.sees('Reconnecting', 'topbar');
      await world.openServers();
      await console.misses('.away');
      const id = await start('later');
      await world.begins(id);
      await console.sees('later');
    },
    120_000,
  );

  test.skipIf(isMissing)('leads to the sign-in when the token has expired, and says why', async () => {
    const id = await start('standup');
    await world.begins(id);
    // The server takes it for another 10 s, by which clocks may differ.
    const token = await world.token({ exp: Math.floor(Date.now() / 1000) });
    await console.signIn({ key: KEYS.acme.key, token });
    await console.sees('standup', 'rows');
    await console.sees('The token has expired');
    await console.sees('Sign in to see');
    await signIn();
    await console.sees('standup', 'rows');
  });

  test.skipIf(isMissing)(
    'opens a layout in the studio, which changes it and starts others with it',
    async () => {
      const id = await start('standup', { layout: { name: 'grid', options: { 'title.text': 'Weekly' } } });
      await world.begins(id);
      await signIn();
      await console.go(`#/recordings/${id}`);
      await console.press('Open in studio');
      await console.page.waitForSelector('iframe');
      await console.sees('default:standup', 'studio-recording');
      await console.page.locator('::-p-xpath(//button[@role="tab"][text()="Options"])').click();
      const title = '::-p-xpath(//*[@id = //label[text()="title.text"]/@for])';
      expect(await console.page.$eval(title, (input) => (input as HTMLInputElement).value)).toBe('Weekly');
      await console.page.locator(title).click({ count: 3 });
      await console.page.keyboard.type('Monthly');
      await console.press('Change the recording');
      await console.sees('The recording shows this now.');
      expect((await world.layoutChanges(id)).at(-1)).toMatchObject({
        name: 'grid',
        options: { 'title.text': 'Monthly' },
      });
      await console.press('Start a recording with this');
      await console.page.waitForSelector('dialog[open]');
      await console.sees('of the studio', 'handed');
      await console.write('Call', 'another');
      await console.page.locator('dialog button[type=submit]').click();
      await console.sees('The recording of default:another is started.');
      const job = (await world.jobs()).find(({ data }) => (data.call as { id?: string }).id === 'another');
      expect(job?.data).toMatchObject({
        recording: { layout: { name: 'grid', options: { 'title.text': 'Monthly' } } },
      });
    },
  );

  test.skipIf(isMissing)(
    'leads to the dashboard of the queue, which shows no secret and changes nothing',
    async () => {
      await start('standup', {
        source: { kind: 'livekit', url: 'wss://livekit.example', token: 'planted-secret' },
      });
      await signIn();
      await console.press('Queue');
      await console.page.waitForFunction(() => location.pathname.startsWith('/dashboard'));
      await console.page.waitForSelector('#root nav, #root main, #root header');
      const told = await console.page.evaluate(async () => {
        const answer = await fetch(
          '/dashboard/api/queues?activeQueue=api-tests&status=latest&page=1&jobsPerPage=10',
        );
        const paused = await fetch('/dashboard/api/queues/pause', { method: 'PUT' });
        return { text: await answer.text(), paused: paused.status };
      });
      expect(told.text).toContain('standup');
      expect(told.text).not.toContain('planted-secret');
      expect(told.paused).toBe(403);
    },
  );
});
