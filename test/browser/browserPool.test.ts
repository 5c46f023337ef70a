import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'puppeteer';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BrowserPool, createBrowserPool } from '../../worker/browser/browserPool.ts';
import { browserEnvironment } from '../../worker/browserEnvironment.ts';
import { RECORDER_EXTENSION } from '../../worker/capture/extension.ts';
import { type Cleanup, createCleanup } from '../../worker/cleanup.ts';
import { createEgressRules } from '../../worker/egress/egressRules.ts';
import { openEgressGuard } from '../../worker/egress/openEgressGuard.ts';
import { createLog } from '../../worker/log.ts';
import { eventually } from '../support/eventually.ts';

const log = createLog('silent');
const settings = {
  chromium: process.env.COMPOSITOR_CHROMIUM ?? null,
  allowPrivateUrls: true,
  browserEnvironment: browserEnvironment(process.env),
  webRtc: 'any' as const,
  extension: {
    folder: fileURLToPath(new URL('../../dist/recorder', import.meta.url)),
    id: RECORDER_EXTENSION.id,
  },
};

const openGuard = () => openEgressGuard(createEgressRules({ allowPrivateUrls: true, allowHosts: [] }));

/** Every browser that was started, in turn, once its first page is open. */
let started: Browser[];
let pool: BrowserPool;
/** Of the recording that takes a browser. */
let recording: Cleanup;

function createPool(size: number, chromium = settings.chromium): BrowserPool {
  const openFirstPage = async (browser: Browser) => {
    const page = await browser.newPage();
    started.push(browser);
    return page;
  };
  return createBrowserPool({ size, settings: { ...settings, chromium }, openGuard, openFirstPage, log });
}

beforeEach(() => {
  started = [];
  pool = createPool(1);
  recording = createCleanup(log);
});
afterEach(async () => {
  await recording.run();
  await pool.close();
});

const warmedUp = (count = 1) => eventually(`${count} started`, () => started.length === count);

async function kill(browser: Browser | undefined): Promise<void> {
  const gone = new Promise((resolve) => browser?.once('disconnected', resolve));
  browser?.process()?.kill('SIGKILL');
  await gone;
}

describe('who takes a browser', () => {
  test('is given the warm one, with its first page open, and no other is started', async () => {
    pool.refill();
    await warmedUp();
    const { browser, firstPage } = await pool.take(recording);
    expect(browser).toBe(started[0]);
    expect(firstPage.isClosed()).toBe(false);
    expect(started).toHaveLength(1);
  });

  test('waits for the one that is about to be warm', async () => {
    pool.refill();
    const { browser } = await pool.take(recording);
    expect(started).toEqual([browser]);
  });

  test('is given a new one where none is warm', async () => {
    const { browser } = await pool.take(recording);
    expect(browser.connected).toBe(true);
  });

  test('never shares it: the next one is given another', async () => {
    pool.refill();
    const [one, other] = await Promise.all([pool.take(recording), pool.take(recording)]);
    expect(one.browser).not.toBe(other.browser);
  });

  test('is given a new one where the warm one has died', async () => {
    pool.refill();
    await warmedUp();
    await kill(started[0]);
    const { browser } = await pool.take(recording);
    expect(browser).toBe(started[1]);
    expect(browser.connected).toBe(true);
  });

  test('is told where no browser can be started, and the pool does not try for ever', async () => {
    const broken = createPool(1, '/no/such/browser');
    broken.refill();
    await expect(broken.take(recording)).rejects.toMatchObject({ code: 'browser_missing' });
    expect(started).toEqual([]);
    await broken.close();
  });
});

test('a refill replaces a warm browser that has died', async () => {
  pool.refill();
  await warmedUp();
  await kill(started[0]);
  pool.refill();
  await warmedUp(2);
  expect(started.map(({ connected }) => connected)).toEqual([false, true]);
});

test('a refill starts no more than the pool holds', async () => {
  pool.refill();
  pool.refill();
  await warmedUp();
  const { browser } = await pool.take(recording);
  expect(started).toEqual([browser]);
});

test('a browser ends with the recording that took it', async () => {
  const { browser } = await pool.take(recording);
  const exited = once(browser.process() as NonNullable<ReturnType<Browser['process']>>, 'exit');
  await recording.run();
  await exited;
  expect(browser.connected).toBe(false);
});

test('closing the pool ends every browser that was not taken, and no other', async () => {
  pool.refill();
  const { browser: taken } = await pool.take(recording);
  pool.refill();
  await warmedUp(2);
  await pool.close();
  pool.refill();
  expect(started.map(({ connected }) => connected)).toEqual([true, false]);
  expect(taken.connected).toBe(true);
});
