import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { demoConfig, type LayoutApp, openPage, startLayoutApp } from '../support/openLayoutApp.ts';
import { sceneConfig, sceneOf } from '../support/scene.ts';

let app: LayoutApp;
beforeAll(async () => {
  app = await startLayoutApp();
});
afterAll(() => app.close());

const LAYOUTS = ['single-participant', 'grid', 'spotlight', 'sidebar'];
const SIZES = [
  { width: 1280, height: 720 },
  { width: 720, height: 1280 },
];
/** The second person shares a screen from four to seven tenths of a stand-up. */
const SHARING = { kind: 'demo', participants: 5, script: 'standup', durationS: 5 };

describe.each(LAYOUTS)('%s', (layout) => {
  test.each([
    0, 1, 5, 25, 60,
  ])('is ready within 5 s with %i people, tiles apart and inside', async (count) => {
    for (const size of count === 5 ? SIZES : SIZES.slice(0, 1)) {
      const { page, messages, waitFor } = await openPage(app, demoConfig(layout, count), size);
      expect(await waitFor('ready')).toBeLessThan(5_000);
      expect(messages).toContainEqual({ type: 'participants', count });
      expect(await page.$('#egress-ready-for-capture')).not.toBeNull();
      const tiles = await tileRectangles(page);
      expect(tiles.length).toBe(tilesShown(layout, count));
      expect(tiles.filter((tile) => !isInside(tile, size))).toEqual([]);
      expect(overlaps(tiles)).toEqual([]);
      expect(await unpaintedVideos(page)).toBe(0);
      await page.close();
    }
  });
});

test.each([
  ['single-participant', {}, 'single_participant'],
  ['grid', {}, 'spotlight'],
  ['grid', { screenshare_layout: 'grid' }, 'grid'],
  ['spotlight', {}, 'spotlight'],
  ['grid', { screenshare_layout: 'sidebar' }, 'sidebar'],
])('%s with %j shows a shared screen in %s', async (layout, options, expected) => {
  const { page } = await openPage(app, demoConfig(layout, 5, { options, source: SHARING }));
  await page.waitForSelector('.str-video__video--screen-share');
  await page.waitForFunction(
    () => (document.querySelector<HTMLVideoElement>('.str-video__video--screen-share')?.videoWidth ?? 0) > 0,
  );
  expect(await page.$eval('.eca__app', (root) => root.getAttribute('data-layout'))).toBe(expected);
  await page.close();
});

test.each(
  LAYOUTS,
)('%s is ready while a screen is shared, even where external CSS never arrives', async (layout) => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  // The CSS is given up after 5 s; a screen is shared from 4 s on until 7 s.
  const source = { ...SHARING, durationS: 10 };
  const config = demoConfig(layout, 5, { source, ext_css: `http://127.0.0.1:${port}/slow.css` });
  const { page, waitFor } = await openPage(app, config);
  expect(await waitFor('ready')).toBeLessThan(6_500);
  expect(await page.$('.str-video__video--screen-share')).not.toBeNull();
  await page.close();
  silent.closeAllConnections();
  silent.close();
});

it('says when the call has ended', async () => {
  const source = { kind: 'demo', participants: 2, script: 'steady', durationS: 1 };
  const { page, waitFor } = await openPage(app, demoConfig('grid', 2, { source }));
  expect(await waitFor('call_ended')).toBeGreaterThan(900);
  await page.close();
});

it('keeps every video playing when the layout changes', async () => {
  const { page } = await openPage(app, demoConfig('grid', 5, { source: SHARING }));
  await page.waitForFunction(() => document.querySelectorAll('video').length === 4);
  await page.$eval('[data-participant-id="demo-1"] video', (video) => video.setAttribute('data-first', ''));
  await page.waitForSelector('.str-video__video--screen-share');
  expect(await page.$('[data-participant-id="demo-1"] video[data-first]')).not.toBeNull();
  await page.close();
});

it('fails with a readable message on a wrong configuration', async () => {
  const { page, messages, waitFor } = await openPage(
    app,
    demoConfig('grid', 2, { options: { 'title.colour': 'red' } }),
  );
  await waitFor('failed');
  expect(messages[0]).toMatchObject({
    type: 'failed',
    code: 'page_error',
    message: expect.stringContaining('title.colour'),
  });
  expect(await page.$eval('div.error', (error) => error.textContent)).toContain('title.colour');
  await page.close();
});

it('goes on, with a warning, where the external CSS cannot be loaded', async () => {
  const css = 'http://127.0.0.1:9/none.css';
  const { page, messages, waitFor } = await openPage(app, demoConfig('grid', 2, { ext_css: css }));
  await waitFor('ready');
  expect(messages).toContainEqual({
    type: 'warning',
    code: 'css_failed',
    message: `External CSS ${css} could not be loaded; recording goes on without it`,
  });
  await page.close();
});

it('lets external CSS win without !important', async () => {
  const css = 'data:text/css,.str-video__participant-view{border-radius:3px}';
  const { page, waitFor } = await openPage(app, demoConfig('grid', 2, { ext_css: css }));
  await waitFor('ready');
  const radius = await page.$eval(
    '.str-video__participant-view',
    (tile) => getComputedStyle(tile).borderRadius,
  );
  expect(radius).toBe('3px');
  await page.close();
});

test.each([
  ['no theme: light around its dark letters', '', 'rgba(255, 255, 255, 0.9)'],
  ['white letters: dark', '.str-video__participant-details{color:white}', 'rgba(0, 0, 0, 0.75)'],
  ['a background: none', '.str-video__participant-details{background:white}', 'rgba(0, 0, 0, 0)'],
  [
    'a gradient on the name: none',
    '.str-video__participant-details__name{background:linear-gradient(red,blue)}',
    'rgba(0, 0, 0, 0)',
  ],
])('the halo of a label fits the theme; %s', async (_, css, halo) => {
  const ext_css = css && `data:text/css,${css}`;
  const { page, waitFor } = await openPage(app, demoConfig('grid', 2, { ext_css }));
  await waitFor('ready');
  const color = await page.$eval(
    '.str-video__participant-details__name',
    (name) => getComputedStyle(name).webkitTextStrokeColor,
  );
  expect(color).toBe(halo);
  await page.close();
});

it('is ready only once the images of people without a camera are there, and shows initials for one that is not', async () => {
  const images = createServer((request, response) => {
    if (request.url === '/none.png') return response.writeHead(404).end();
    setTimeout(() => response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(DOT), 700);
  }).listen(0, '127.0.0.1');
  await once(images, 'listening');
  const { port } = images.address() as AddressInfo;
  const people = ['slow.svg', 'none.png'].map((file, index) => ({
    sessionId: `s${index}`,
    name: 'Ada Okafor',
    image: `http://127.0.0.1:${port}/${file}`,
    publishedTracks: ['audio' as const],
  }));
  const { page, waitFor } = await openPage(app, sceneConfig('grid', people));
  expect(await waitFor('ready')).toBeGreaterThan(650);
  expect(await page.$$eval('img', (all) => all.map(({ naturalWidth }) => naturalWidth))).toEqual([10]);
  expect(await page.$$eval('.str-video__video-placeholder__initials-fallback', (all) => all.length)).toBe(1);
  await page.close();
  images.closeAllConnections();
  images.close();
});

it('cuts a long name short inside its tile, wherever the label is', async () => {
  const people = sceneOf(9, {
    more: { 0: { name: 'Maximiliana Wolfeschlegelsteinhausen-Bergerdorff'.repeat(3) } },
  });
  for (const horizontal of ['left', 'center', 'right']) {
    const options = {
      'participant_label.horizontal_position': horizontal,
      'participant_label.margin_inline': '9px',
    };
    const { page, waitFor } = await openPage(app, sceneConfig('grid', people, options));
    await waitFor('ready');
    const [tile, label] = await page.evaluate(() =>
      ['', ' .str-video__participant-details'].map((inside) => {
        const { left, right } = (
          document.querySelector(`[data-participant-id="session-0"]${inside}`) as Element
        ).getBoundingClientRect();
        return { left, right };
      }),
    );
    expect(Number(label?.left)).toBeGreaterThanOrEqual(Number(tile?.left) + 9);
    expect(Number(label?.right)).toBeLessThanOrEqual(Number(tile?.right) - 9);
    await page.close();
  }
});

it('restyles like the linked layout app from a stylesheet written for it', async () => {
  // Its own example: label boxes with a colour, a star for the dominant speaker, round corners.
  const css = `data:text/css,${encodeURIComponent(LINKED_THEME)}`;
  const { page, waitFor } = await openPage(app, sceneConfig('spotlight', sceneOf(3), {}, { ext_css: css }));
  await waitFor('ready');
  const seen = await page.evaluate(() => {
    const style = (selector: string, pseudo?: string) =>
      getComputedStyle(document.querySelector(selector) as Element, pseudo);
    const [label, tile] = ['.str-video__participant-details', '.str-video__participant-view'].map(
      (selector) => (document.querySelector(selector) as Element).getBoundingClientRect(),
    ) as [DOMRect, DOMRect];
    return {
      ground: style('.str-video').backgroundColor,
      radius: style('.str-video__participant-view').borderRadius,
      label: style('.str-video__participant-details').backgroundColor,
      text: style('.str-video__participant-details__name').color,
      star: style('.str-video__participant-view--dominant-speaker .str-video__participant-details', '::after')
        .content,
      barGap: style('.str-video__speaker-layout__participants-bar .str-video__participant-view').opacity,
      labelHeightShare: label.height / tile.height,
    };
  });
  expect(seen).toMatchObject({
    ground: 'rgb(255, 235, 205)',
    radius: '30px',
    label: 'rgb(255, 228, 196)',
    text: 'rgb(105, 105, 105)',
    star: '"⭐️"',
    barGap: '0.9',
  });
  expect(seen.labelHeightShare).toBeLessThan(0.2);
  await page.close();
});

it.each([
  ['broken', '.str-video__participant-view{border-radius:3px} } @media ((( .x{'],
  ['huge', `.str-video__participant-view{border-radius:3px}${'.x{color:red}'.repeat(200_000)}`],
])('is ready with external CSS that is %s', async (_what, css) => {
  const styles = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/css' }).end(css),
  ).listen(0, '127.0.0.1');
  await once(styles, 'listening');
  const { port } = styles.address() as AddressInfo;
  const config = sceneConfig('grid', sceneOf(2), {}, { ext_css: `http://127.0.0.1:${port}/theme.css` });
  const { page, waitFor } = await openPage(app, config);
  expect(await waitFor('ready')).toBeLessThan(5_000);
  expect(
    await page.$eval('.str-video__participant-view', (tile) => getComputedStyle(tile).borderRadius),
  ).toBe('3px');
  await page.close();
  styles.closeAllConnections();
  styles.close();
});

it('lets participants be heard whether or not they are shown', async () => {
  const source = { kind: 'demo', participants: 3, script: 'steady', durationS: null };
  const { page } = await openPage(app, demoConfig('single-participant', 3, { source }));
  await page.waitForFunction(
    () => [...document.querySelectorAll('audio')].filter((audio) => !audio.paused).length === 3,
    { timeout: 10_000 },
  );
  await page.close();
});

const DOT =
  '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><circle cx="5" cy="5" r="5"/></svg>';

const LINKED_THEME = `
.str-video { background-color: blanchedalmond; }
.str-video .str-video__participant-view { border-radius: 30px; }
.str-video__participant-view .str-video__participant-details { background-color: bisque; color: dimgray; border-radius: 9999px; padding: 5px; }
.str-video__participant-view .str-video__participant-details .str-video__participant-details__name { padding: 0px; border-radius: 0px; }
.str-video__participant-view--dominant-speaker .str-video__participant-details::after { content: '⭐️'; }
.str-video__speaker-layout__participants-bar .str-video__participant-view { opacity: 0.9; }`;

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function tileRectangles(page: Page): Promise<Box[]> {
  return page.$$eval('.str-video__participant-view', (tiles) =>
    tiles.map((tile) => {
      const { left, top, right, bottom } = tile.getBoundingClientRect();
      return { left, top, right, bottom };
    }),
  );
}

function unpaintedVideos(page: Page): Promise<number> {
  return page.$$eval('video', (videos) => videos.filter((video) => video.videoWidth === 0).length);
}

function tilesShown(layout: string, count: number): number {
  const most = { 'single-participant': 1, grid: 20, spotlight: 6, sidebar: 6 }[layout] ?? 0;
  return Math.min(count, most);
}

function isInside(box: Box, size: { width: number; height: number }): boolean {
  return box.left >= 0 && box.top >= 0 && box.right <= size.width && box.bottom <= size.height;
}

function overlaps(boxes: readonly Box[]): [Box, Box][] {
  return boxes.flatMap((a, at) =>
    boxes
      .slice(at + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map((b): [Box, Box] => [a, b]),
  );
}
