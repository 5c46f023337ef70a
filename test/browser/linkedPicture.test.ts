import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LayoutApp, openPage, showScene, startLayoutApp } from '../support/openLayoutApp.ts';
import { sceneConfig, sceneOf } from '../support/scene.ts';

/*
 * The figures were measured in egress-composite of GetStream/stream-video-js, at commit 0259217e, built on
 * @stream-io/video-react-sdk 1.43.1, with its test_environment.
 */

let app: LayoutApp;
let page: Page;

beforeAll(async () => {
  app = await startLayoutApp();
  ({ page } = await openPage(app, sceneConfig('grid', sceneOf(1))));
}, 60_000);
afterAll(() => app?.close());

type Figures = readonly [left: number, top: number, width: number, height: number];

/** Theirs stand 8 px apart, ours 10 px, as the tables of the documentation say. */
const TOLERANCE_PX = 3;

test.each<[number, number, number, Figures]>([
  [1, 1280, 720, [213, 119.8, 854, 480.4]],
  [2, 1280, 720, [22, 187.3, 614, 345.4]],
  [3, 1280, 720, [22, 10.6, 614, 345.4]],
  [5, 1280, 720, [27.2, 129.2, 403.2, 226.8]],
  [9, 1280, 720, [27.2, 11.8, 403.2, 226.8]],
  [12, 1280, 720, [192, 168.1, 218, 122.6]],
  [20, 1280, 720, [192, 37.4, 218, 122.6]],
  [2, 1920, 1080, [22, 277.3, 934, 525.4]],
  [5, 1920, 1080, [30.4, 190.4, 614.4, 345.6]],
  [2, 720, 1280, [22, 546.1, 334, 187.9]],
  [5, 720, 1280, [24.4, 513.2, 218.4, 122.8]],
])('expanded tiles of %i people in %i x %i are where the linked app has them', async (count, width, height, there) => {
  await page.setViewport({ width, height });
  await showScene(page, sceneConfig('grid', sceneOf(count), { 'layout.grid.expand_tiles': true }));
  const [first] = await figuresOf('.str-video__participant-view');
  for (const [at, figure] of there.entries())
    expect(Math.abs(Number(first?.[at]) - figure), `${first}`).toBeLessThanOrEqual(TOLERANCE_PX);
});

test.each<[number, number, Figures]>([
  [1280, 720, [1030, 10, 240, 180]],
  [1920, 1080, [1670, 10, 240, 180]],
  [640, 360, [390, 10, 240, 180]],
  [720, 1280, [470, 10, 240, 180]],
])('in %i x %i the presenter is over their screen where the linked app has them', async (width, height, there) => {
  await page.setViewport({ width, height });
  await showScene(page, sceneConfig('single_participant', sceneOf(3, { sharing: 1 })));
  expect(await figuresOf('.eca__dominant-speaker-screen-share__current-speaker')).toEqual([there]);
});

describe('in 1280 x 720', () => {
  beforeAll(() => page.setViewport({ width: 1280, height: 720 }));

  test('letters of labels, title and clocks are those of the linked app', async () => {
    const options = { 'title.text': 'A title', 'debug.show_timestamp': true };
    await showScene(page, sceneConfig('grid', sceneOf(2), options));
    const family = /^Inter, Avenir, Helvetica, Arial, /;
    expect(await lettersOf('.str-video__participant-details__name')).toMatchObject({
      family: expect.stringMatching(family),
      size: '14px',
      weight: '400',
      padding: '4px 6px',
    });
    const title = await lettersOf('.eca__logo-and-title-overlay__title');
    expect(title).toMatchObject({ family: expect.stringMatching(family), size: '30px', weight: '400' });
    const [place] = await figuresOf('.eca__logo-and-title-overlay__title');
    expect(place?.slice(0, 2)).toEqual([14, 14]);
    expect(await lettersOf('.eca__debug-timestamp')).toMatchObject({ size: '16px', padding: '4px 8px' });
    const [clocks] = await figuresOf('.eca__debug-timestamp');
    expect(clocks?.slice(0, 2)).toEqual([8, 8]);
    expect(await page.$eval('.eca__debug-timestamp', (element) => element.textContent)).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z \| mono [\d.]+ms \| epoch [\d.]+ms$/,
    );
  });

  test('a grid goes by the order of joining, whoever speaks or has video, with pinned people first', async () => {
    const people = sceneOf(5, {
      more: {
        0: { isSpeaking: false, isDominantSpeaker: false, publishedTracks: ['audio'] },
        2: { isPinned: true },
        3: { isSpeaking: true, isDominantSpeaker: true },
      },
    });
    await showScene(page, sceneConfig('grid', people));
    const ids = await page.$$eval('.str-video__participant-view', (all) =>
      all.map((tile) => tile.getAttribute('data-participant-id')),
    );
    expect(ids).toEqual(['session-2', 'session-0', 'session-1', 'session-3', 'session-4']);
  });
});

function figuresOf(selector: string): Promise<number[][]> {
  return page.$$eval(selector, (elements) =>
    elements.map((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return [left, top, width, height];
    }),
  );
}

function lettersOf(selector: string) {
  return page.$eval(selector, (element) => {
    const { fontFamily, fontSize, fontWeight, padding } = getComputedStyle(element);
    return { family: fontFamily, size: fontSize, weight: fontWeight, padding };
  });
}
