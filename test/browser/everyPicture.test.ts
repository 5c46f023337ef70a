import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pictureSizeOf, QUALITIES } from '../../shared/encoding/encodingProfile.ts';
import type { TestParticipant } from '../../shared/layout/layoutConfig.ts';
import { LAYOUT_NAMES } from '../../shared/layout/layoutNames.ts';
import { type LayoutApp, openPage, showScene, startLayoutApp } from '../support/openLayoutApp.ts';
import { sceneConfig, sceneOf } from '../support/scene.ts';

/** Names as calls have them, and as nobody expects them. */
const NAMES = [
  'Maximiliana Wolfeschlegelsteinhausenbergerdorff-Llanfairpwllgwyngyll',
  'ليلى الحسيني',
  '田中 美咲',
  'Zoë 👩🏽‍🚀🎉',
  '',
  '   ',
  'שרה כהן',
  'x',
];

const named = sceneOf(NAMES.length).map(
  (one, index): TestParticipant => ({
    ...one,
    name: NAMES[index] as string,
    publishedTracks: index % 2 === 0 ? ['audio', 'video'] : index % 4 === 1 ? ['video'] : [],
  }),
);
const held = sceneOf(5, {
  more: { 0: { cameraAspect: 9 / 16 }, 1: { cameraAspect: 4 / 3 }, 2: { cameraAspect: 9 / 16 } },
});

const SCENES: Readonly<Record<string, readonly TestParticipant[]>> = {
  'one person': sceneOf(1),
  'a hundred people': sceneOf(100),
  'every kind of name': named,
  'cameras of every shape': held,
  'a very wide screen': sceneOf(4, {
    sharing: 1,
    more: { 0: { publishedTracks: ['audio', 'video', 'screen_share'], screenAspect: 32 / 9 } },
  }),
};

/** Smaller letters than this nobody reads, in pixels of the recording. */
const LEAST_LETTER_PX = 6;

interface Looked {
  readonly tiles: readonly Box[];
  readonly labels: readonly (Box & {
    readonly tile: Box;
    readonly letterPx: number;
    readonly text: string;
  })[];
  readonly videos: readonly {
    readonly isTall: boolean;
    readonly hasTallClass: boolean;
    readonly fit: string;
    readonly isScreen: boolean;
  }[];
  readonly overflow: number;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

let app: LayoutApp;

beforeAll(async () => {
  app = await startLayoutApp();
}, 60_000);
afterAll(() => app?.close());

describe.each(QUALITIES)('at %s', (quality) => {
  const { widthPx: width, heightPx: height } = pictureSizeOf(quality);
  const picture: Box = { left: 0, top: 0, right: width, bottom: height };
  let page: Page;

  beforeAll(async () => {
    const opened = await openPage(app, sceneConfig('grid', sceneOf(1)), { width, height });
    await opened.waitFor('ready');
    page = opened.page;
  });
  afterAll(() => page?.close());

  test.each(LAYOUT_NAMES)('%s shows everybody whole and legible', { timeout: 60_000 }, async (layout) => {
    for (const [scene, people] of Object.entries(SCENES)) {
      await showScene(page, sceneConfig(layout, people, { screenshare_layout: layout }));
      const { tiles, labels, videos, overflow } = await look(page);
      expect(tiles.length, scene).toBeGreaterThan(0);
      expect(overflow, scene).toBe(0);
      for (const tile of tiles)
        expect(isInside(tile, picture), `${scene}: ${JSON.stringify(tile)}`).toBe(true);
      expect(labels.length, scene).toBe(tiles.length);
      for (const { tile, letterPx, text, ...label } of labels) {
        expect(isInside(label, tile), `${scene}, ${text}: ${JSON.stringify([label, tile])}`).toBe(true);
        expect(letterPx, `${scene}, ${text}`).toBeGreaterThanOrEqual(LEAST_LETTER_PX);
        expect(text.trim(), scene).not.toBe('');
      }
      for (const video of videos) {
        expect(video.hasTallClass, scene).toBe(video.isTall);
        expect(video.fit, scene).toBe(video.isScreen ? 'contain' : 'cover');
      }
    }
  });
});

/** Half a pixel of rounding. */
function isInside(inner: Box, outer: Box): boolean {
  return (
    inner.left >= outer.left - 0.5 &&
    inner.top >= outer.top - 0.5 &&
    inner.right <= outer.right + 0.5 &&
    inner.bottom <= outer.bottom + 0.5
  );
}

function look(on: Page): Promise<Looked> {
  return on.evaluate(() => {
    const box = (element: Element) => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      return { left, top, right, bottom };
    };
    const tiles = [...document.querySelectorAll('.str-video__participant-view')];
    const labels = tiles.flatMap((tile) =>
      [...tile.querySelectorAll('.str-video__participant-details')].map((label) => ({
        ...box(label),
        tile: box(tile),
        letterPx: Number.parseFloat(getComputedStyle(label).fontSize),
        text: label.textContent,
      })),
    );
    const videos = [...document.querySelectorAll('video')].map((video) => ({
      isTall: video.videoHeight > video.videoWidth,
      hasTallClass: video.classList.contains('str-video__video--tall'),
      fit: getComputedStyle(video).objectFit,
      isScreen: video.classList.contains('str-video__video--screen-share'),
    }));
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
    const overflow = Math.max(scrollWidth - clientWidth, scrollHeight - clientHeight);
    return { tiles: tiles.map(box), labels, videos, overflow };
  });
}
