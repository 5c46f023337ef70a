import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/freePort.ts';
import {
  BROWSER_NAMES,
  BROWSERS,
  type ConsolePage,
  launchBrowser,
  openConsole,
} from '../support/openConsole.ts';
import {
  type BrowserPublishers,
  publishersMissing,
  startBrowserPublishers,
} from '../support/publishLiveKit.ts';
import { KEYS, signToken } from '../support/startApi.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';
import { type LiveKit, livekitMissing, startLiveKit } from '../support/startLiveKit.ts';
import { type S3, s3Missing, startS3 } from '../support/startS3.ts';

const MAIN = fileURLToPath(new URL('../../dist/worker/main.js', import.meta.url));
const missing = livekitMissing ?? publishersMissing ?? s3Missing;
if (missing) console.warn(`SKIPPED: the page for people with real recordings (${missing})`);
const { key: apiKey, secret } = KEYS.acme;

/** A server, a worker, Redis, an S3 server and a LiveKit server with a person in a room, all of them real. */
describe.skipIf(missing)('with real recordings of a call, the page for people', () => {
  let compositor: Compositor;
  let liveKit: LiveKit;
  let s3: S3;
  let publishers: BrowserPublishers;
  let server: ChildProcess;
  let url: string;

  beforeAll(async () => {
    url = `http://127.0.0.1:${await freePort()}`;
    liveKit = await startLiveKit();
    s3 = await startS3();
    await s3.createBucket('recordings');
    publishers = await startBrowserPublishers({ livekit: liveKit, roomName: 'room-of-standup' });
    await publishers.join({ identity: 'Ana', name: 'Ana', hueDeg: 0, toneHz: 440 });
    compositor = await startCompositor();
    const path = join(compositor.recordingsDir, 'api.json');
    await writeFile(path, JSON.stringify(configFor(url, liveKit, s3)));
    server = spawn(process.execPath, [MAIN, 'serve', '--config', path], {
      env: compositor.env,
      stdio: ['ignore', 'inherit', 'ignore'],
    });
    await eventually('the server answers', async () => (await fetch(`${url}/healthz`)).ok, {
      withinMs: 30_000,
    });
  });
  afterAll(async () => {
    server?.kill('SIGTERM');
    await compositor?.close();
    await publishers?.stop();
    await s3?.stop();
    await liveKit?.stop();
  });

  const recordings = async () => {
    const answer = await fetch(`${url}/api/v1/recordings?api_key=${apiKey}`, {
      headers: { authorization: await signToken({}, 'acme') },
    });
    return ((await answer.json()) as { recordings: { id: string; state: string }[] }).recordings;
  };

  for (const name of BROWSER_NAMES)
    test.skipIf(BROWSERS[name] === null)(
      `in ${name} starts one, shows it, changes it, pauses it, stops it, plays it and deletes it`,
      async () => {
        const browser = await launchBrowser(name);
        try {
          const page = await openConsole(browser, url);
          await throughItsLife(page);
          expect(page.complaints).toEqual([]);
        } finally {
          await browser.close();
        }
        expect(await recordings()).toEqual([]);
      },
      180_000,
    );

  async function throughItsLife({ page, signIn, press, write, sees, go }: ConsolePage): Promise<void> {
    await signIn({ key: apiKey, secret });
    await press('Start a recording');
    await write('Call', 'standup');
    await page.locator('dialog button[type=submit]').click();
    await page.waitForSelector('.screen .picture', { timeout: 60_000 });
    const before = await pictureColor(page);
    expect(before).not.toBeNull();
    await write('Title', 'Questions');
    await press('Change it');
    await sees('The layout is changed.');
    await go('#/workers');
    await sees('Takes jobs', 'card');
    await sees('default:standup', 'carried');
    await page.goBack();
    await press('Pause');
    await sees('Paused', 'one-head');
    await press('Resume');
    await sees('Recording', 'one-head');
    await page.waitForSelector('.screen .picture');
    await press('Stop');
    await press('Stop it');
    await sees('Ready', 'one-head');
    await page.waitForFunction(() => (document.querySelector('video')?.duration ?? 0) > 1);
    await page.waitForSelector('[data-drawn="8"]');
    // Seeking needs the file in parts, from the bucket.
    await page.locator('.sheet-pictures button:last-of-type').click();
    await page.waitForFunction(() => {
      const { currentTime = 0, duration = 0 } = document.querySelector('video') ?? {};
      return currentTime > duration / 2;
    });
    await page.evaluate(() => document.querySelector('video')?.play());
    await page.waitForFunction(() => document.querySelector('video')?.ended, { timeout: 30_000 });
    const link = await page.$eval('.actions a[download]', (one) => (one as HTMLAnchorElement).href);
    const file = await fetch(link);
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'video/mp4']);
    await press('Delete');
    await press('Delete it');
    await sees('No recordings yet');
  }
});

/** The mean colour of the live picture; null where the page shows none. */
function pictureColor(page: ConsolePage['page']): Promise<number[] | null> {
  return page.evaluate(async () => {
    const image = document.querySelector<HTMLImageElement>('.screen .picture');
    if (!image) return null;
    await image.decode().catch(() => {});
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1;
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0, 1, 1);
    return [...(context?.getImageData(0, 0, 1, 1).data ?? [])];
  });
}

function configFor(url: string, liveKit: LiveKit, s3: S3): object {
  const { accessKeyId, secretAccessKey, endpoint, region } = s3;
  return {
    listen: new URL(url).host,
    public_url: url,
    link_secret: 'a secret that signs the links of tests',
    tenants: {
      acme: {
        api_keys: { [apiKey]: secret },
        source: {
          ...{ kind: 'livekit', url: liveKit.url, api_key: liveKit.apiKey, api_secret: liveKit.apiSecret },
          room: 'room-of-{call_id}',
        },
        storage: {
          ...{ kind: 's3', bucket: 'recordings', region, endpoint, force_path_style: true },
          ...{ access_key_id: accessKeyId, secret_access_key: secretAccessKey },
        },
      },
    },
  };
}
