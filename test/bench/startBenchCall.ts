import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer';
import { type PublisherRequest, startBrowserPublishers } from '../support/publishLiveKit.ts';
import { serveFolder } from '../support/serveFolder.ts';
import { startLiveKit } from '../support/startLiveKit.ts';
import { analyzeCall } from './analyzeCall.ts';
import { familyOf } from './processTree.ts';
import type { Tile } from './readFrameCodes.ts';
import { type Measurable, saysReady } from './recorded.ts';
import type { Size } from './size.ts';
import { openBrowserPage } from './subjects/browserPage.ts';

/** The build that a worker serves to its tabs. */
const LAYOUT_APP = fileURLToPath(new URL('../../dist/layout-app/', import.meta.url));
const ROOM = 'bench';
const LAYOUT = 'grid';
/** A camera sends so many bits a second for each pixel of its width. */
const BITRATE_BPS_PER_PX = 800;

export interface BenchCall {
  readonly people: number;
  /** Width and height of each camera in pixels; null where nobody has one. */
  readonly camera: readonly [width: number, height: number] | null;
  readonly framesPerSecond: number;
}

export interface RunningCall extends Measurable {
  /** The ids of the processes that send and serve the call. */
  senders(): readonly number[];
}

/**
 * Starts a LiveKit call whose cameras send pictures that were encoded before, so that sending costs little and the same for
 * whoever records. A browser that opens it opens the address of our layout app and joins as a hidden viewer of its own.
 */
export async function startBenchCall(given: BenchCall): Promise<RunningCall> {
  const liveKit = await startLiveKit();
  const publishers = await startBrowserPublishers({ livekit: liveKit, roomName: ROOM });
  const app = await serveFolder(LAYOUT_APP);
  for (let person = 0; person < given.people; person++) await publishers.join(personOf(person, given));
  let viewers = 0;
  async function open(tab: Page): Promise<void> {
    const identity = `viewer ${viewers++}`;
    const token = await liveKit.createToken({ identity, hidden: true, roomName: ROOM });
    const source = { kind: 'livekit', url: liveKit.url, token, e2eeKey: null };
    await tab.goto(app.url());
    await tab.evaluate(
      (config) => (window as unknown as { setupLayout(config: unknown): void }).setupLayout(config),
      { layout: LAYOUT, source },
    );
    await saysReady(tab);
  }
  const tiles = new Map<number, Promise<Tile[]>>();
  const { url, apiKey: api_key, apiSecret: api_secret } = liveKit;
  return {
    open,
    senders: () => [publishers.pid, liveKit.pid].flatMap(familyOf),
    job: {
      ...{ call: { id: ROOM }, layout: { name: LAYOUT } },
      source: { kind: 'livekit', url, api_key, api_secret },
    },
    analyze: async (file, { size, seconds }) => {
      const where = tiles.get(size.heightPx) ?? tilesOf({ open }, size);
      tiles.set(size.heightPx, where);
      return analyzeCall(file, await where, { seconds, framesPerSecond: given.framesPerSecond });
    },
    close: async () => {
      await publishers.stop();
      await app.close();
      await liveKit.stop();
    },
  };
}

function personOf(person: number, { people, camera, framesPerSecond }: BenchCall): PublisherRequest {
  const [widthPx, heightPx] = camera ?? [];
  return {
    ...{ identity: `person ${person}`, name: `Person ${person}` },
    ...{ hueDeg: (person * 360) / people, toneHz: 300 + person * 50, framesPerSecond },
    ...{ camera: camera !== null, isPrepared: true },
    ...(widthPx && heightPx && { size: { widthPx, heightPx, bitrateBps: widthPx * BITRATE_BPS_PER_PX } }),
  };
}

/** Asks the page in a browser where its videos are. */
async function tilesOf(call: Pick<Measurable, 'open'>, size: Size): Promise<Tile[]> {
  const browser = await openBrowserPage(call, size, null);
  try {
    const tab = (await browser.pages()).at(-1) as Page;
    await tab.waitForFunction(() => {
      const videos = [...document.querySelectorAll('video')];
      const tiles = document.querySelectorAll('.str-video__participant-view');
      return videos.length === tiles.length && videos.every(({ videoWidth }) => videoWidth > 0);
    });
    return await tab.$$eval('video', (videos) =>
      videos.map((video) => {
        const { left, top, width, height } = video.getBoundingClientRect();
        return { left, top, width, height, aspect: video.videoWidth / video.videoHeight };
      }),
    );
  } finally {
    await browser.close();
  }
}
