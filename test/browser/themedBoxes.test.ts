import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LayoutName } from '../../shared/layout/layoutNames.ts';
import { type LayoutApp, openPage, showScene, startLayoutApp } from '../support/openLayoutApp.ts';
import { sceneConfig, sceneOf } from '../support/scene.ts';

let app: LayoutApp;
let page: Page;

beforeAll(async () => {
  app = await startLayoutApp();
  ({ page } = await openPage(app, sceneConfig('grid', sceneOf(1))));
}, 60_000);
afterAll(() => app?.close());

const GROUP = '.str-video__paginated-grid-layout__group';
const SPEAKER = '.str-video__speaker-layout';
const STAGE = `${SPEAKER}__spotlight`;
const BAR = `${SPEAKER}__participants-bar`;
const SINGLE = '.eca__dominant-speaker__container';

interface Tile {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const GRID_BOXES = [
  '.paginated-grid',
  `${'.str-video__paginated-grid-layout'}__wrapper`,
  '.str-video__paginated-grid-layout',
  GROUP,
];
const SPOTLIGHT_BOXES = [
  '.spotlight',
  `${SPEAKER}__wrapper`,
  SPEAKER,
  STAGE,
  `${BAR}-buttons-wrapper`,
  `${BAR}-wrapper`,
  BAR,
];
const SIZES = ['padding:30px', 'max-width:300px', 'max-height:90px'];

/** Properties of boxes, each of which must move or resize tiles. */
const EFFECTS: readonly (readonly [LayoutName, string, string])[] = [
  ...GRID_BOXES.flatMap((box) => SIZES.map((css) => ['grid', box, css] as const)),
  ...SPOTLIGHT_BOXES.flatMap((box) => SIZES.map((css) => ['spotlight', box, css] as const)),
  ...SIZES.map((css) => ['single_participant', SINGLE, css] as const),
  ['grid', GROUP, 'gap:40px'],
  ['grid', GROUP, 'row-gap:5%'],
  ['grid', GROUP, 'aspect-ratio:1'],
  ['grid', GROUP, 'justify-content:flex-start'],
  ['grid', GROUP, 'justify-content:space-between'],
  ['grid', GROUP, 'align-content:end'],
  ['grid', '.str-video__participant-view', 'aspect-ratio:1'],
  ['grid', '.str-video__participant-view', 'max-width:200px'],
  ['spotlight', SPEAKER, 'gap:40px'],
  ['spotlight', STAGE, 'aspect-ratio:1'],
  ['spotlight', STAGE, 'justify-content:flex-start'],
  ['spotlight', BAR, 'gap:40px'],
  ['spotlight', BAR, 'justify-content:flex-end'],
  ['spotlight', `${SPEAKER} .str-video__participant-view`, 'aspect-ratio:1'],
  ['spotlight', `${SPEAKER}__participant-tile`, 'padding:9px'],
];

test.each(
  EFFECTS,
)('in %s, %s{%s} changes the picture and leaves every tile in it', async (layout, box, css) => {
  const usual = await tilesUnder('', layout);
  const themed = await tilesUnder(`${box}{${css}}`, layout);
  expect(themed).not.toEqual(usual);
  expect(themed).toHaveLength(usual.length);
  expect(themed.filter((tile) => !isInPicture(tile))).toEqual([]);
});

describe('a grid of five', () => {
  test('has the gap that a theme gives the group, whatever the job says', async () => {
    const [first, second, , fourth] = await tilesUnder(`${GROUP}{gap:40px 20px}`, 'grid', {
      'layout.grid.gap': '3px',
    });
    expect(Number(second?.left) - right(first)).toBe(20);
    expect(Number(fourth?.top) - bottom(first)).toBe(40);
  });

  test('begins where the padding of the group ends, if its tiles are at the start', async () => {
    const css = `${GROUP}{padding:50px;max-width:600px;justify-content:flex-start;align-content:start}`;
    const [first] = await tilesUnder(css, 'grid');
    expect([first?.left, first?.top]).toEqual([390, 50]);
  });

  test('has square tiles if a theme says so', async () => {
    const tiles = await tilesUnder('.str-video__participant-view{aspect-ratio:1}', 'grid');
    expect(tiles.every(({ width, height }) => width === height)).toBe(true);
  });

  test('follows a theme that styles pages of this size only', async () => {
    const css = '.str-video__paginated-grid-layout--five-nine{padding:100px}';
    const tiles = await tilesUnder(css, 'grid');
    expect(Math.min(...tiles.map(({ left }) => left))).toBeGreaterThanOrEqual(100);
  });

  test('is where it was after the theme has gone', async () => {
    const usual = await tilesUnder('', 'grid');
    await tilesUnder(`${GROUP}{padding:100px;gap:50px}`, 'grid');
    expect(await tilesUnder('', 'grid')).toEqual(usual);
  });
});

describe('the order of the elements is that of the picture', () => {
  test.each([
    ['grid', `${GROUP} > .str-video__participant-view`, 5],
    ['spotlight', `${BAR} > ${SPEAKER}__participant-tile > .str-video__participant-view`, 4],
  ] as const)('in %s, also for :nth-child', async (layout, selector, count) => {
    const tiles = await tilesUnder('', layout, {}, selector);
    expect(tiles).toHaveLength(count);
    expect(tiles).toEqual(tiles.toSorted((a, b) => a.top - b.top || a.left - b.left));
    const place = layout === 'grid' ? '' : `${SPEAKER}__participant-tile`;
    const css = `${place || '.str-video__participant-view'}:nth-child(2){visibility:hidden}`;
    await tilesUnder(css, layout);
    const hidden = await page.$$eval(selector, (all) =>
      all.map((tile) => getComputedStyle(tile).visibility === 'hidden'),
    );
    expect(hidden.indexOf(true)).toBe(1);
    expect(hidden.lastIndexOf(true)).toBe(1);
  });

  test('in spotlight: first the stage, then one bar', async () => {
    await tilesUnder('', 'spotlight');
    const names = await page.$eval(SPEAKER, (box) => [...box.children].map(({ className }) => className));
    expect(names).toEqual([
      expect.stringContaining('__spotlight'),
      expect.stringContaining('__participants-bar-buttons-wrapper'),
    ]);
    expect(await page.$$(BAR)).toHaveLength(1);
    expect(await page.$$(`${BAR}-wrapper`)).toHaveLength(1);
  });
});

async function tilesUnder(
  css: string,
  layout: LayoutName,
  options: object = {},
  selector = '.str-video__participant-view',
): Promise<Tile[]> {
  const ext_css = css && `data:text/css,${encodeURIComponent(css)}`;
  await showScene(page, { ...sceneConfig(layout, sceneOf(5), { ...options }), ext_css });
  await page.waitForFunction(
    (href) => {
      const links = [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')];
      const themes = links.filter((link) => link.href.startsWith('data:'));
      return href === ''
        ? themes.length === 0
        : themes.length === 1 && themes[0]?.sheet && themes[0].href === href;
    },
    {},
    ext_css,
  );
  await page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  });
  return page.$$eval(selector, (elements) =>
    elements.map((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { left, top, width, height };
    }),
  );
}

function right(tile: Tile | undefined): number {
  return Number(tile?.left) + Number(tile?.width);
}

function bottom(tile: Tile | undefined): number {
  return Number(tile?.top) + Number(tile?.height);
}

function isInPicture(tile: Tile): boolean {
  const isInside = tile.left >= 0 && tile.top >= 0 && right(tile) <= 1280.5 && bottom(tile) <= 720.5;
  return isInside && tile.width > 8 && tile.height > 8;
}
