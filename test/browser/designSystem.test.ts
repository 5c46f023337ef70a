import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LAYOUT_NAMES } from '../../shared/layout/layoutNames.ts';
import { LINKED_VARIABLES } from '../../shared/layout/linkedVariables.ts';
import { IDLE_CLASSES, IDLE_VARIABLES, reasonOf } from '../generate/idleStyles.ts';
import linked from '../generate/linkedStyles.json' with { type: 'json' };
import { type LayoutApp, openPage, showScene, startLayoutApp } from '../support/openLayoutApp.ts';
import { sceneConfig, sceneOf } from '../support/scene.ts';
import { servePages } from '../support/servePages.ts';

let app: LayoutApp;
let pages: Awaited<ReturnType<typeof servePages>>;
let page: Page;

beforeAll(async () => {
  pages = await servePages();
  app = await startLayoutApp();
  ({ page } = await openPage(app, sceneConfig('grid', sceneOf(1))));
}, 60_000);

afterAll(async () => {
  await app?.close();
  await pages?.close();
});

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A page that has what a theme can style: everything that a call shows, nobody at all, or an error. */
type Shown = 'call' | 'empty' | 'error';

const SHOWN: Readonly<Record<string, Shown>> = {
  '--str-video__text-color2': 'empty',
  '--str-video__font-size-lg': 'empty',
  '--str-video__background-color1': 'error',
  '--str-video__font-size-md': 'error',
};

/** Scenes that together have every class that we show. */
const SCENES_OF_CLASSES = [
  ['grid', 'bottom', 1],
  ['grid', 'bottom', 3],
  ['grid', 'bottom', 7],
  ['spotlight', 'top', 3],
  ['spotlight', 'bottom', 3],
  ['spotlight', 'left', 3],
  ['spotlight', 'right', 3],
] as const;

const WITHOUT_VIDEO = {
  0: { cameraAspect: 9 / 16 },
  1: { publishedTracks: ['video' as const] },
  2: { publishedTracks: [] },
};

const withImage = () => ({ 3: { publishedTracks: [], image: pages.url('logo.svg') } });

const FIRST_TWO = { name: { $in: ['Ada Okafor', 'Bo'] } };

test.each(LINKED_VARIABLES)('$name changes the picture', async ({ name }) => {
  const shown = SHOWN[name] ?? 'call';
  const usual = await lookWith(shown, '');
  expect(await lookWith(shown, `:root{${name}:${strikingValueOf(name)}}`)).not.toBe(usual);
});

test('every other variable of the linked stylesheet is listed, with the reason why it has no effect', () => {
  const known = new Set(LINKED_VARIABLES.map(({ name }) => name));
  const others = linked.variables.filter((name) => !known.has(name));
  expect(others.filter((name) => !reasonOf(name.slice(2), IDLE_VARIABLES))).toEqual([]);
});

test('a theme restyles every class of the linked stylesheet; a class that we never show is listed, with the reason', {
  timeout: 120_000,
}, async () => {
  const styled = new Set<string>();
  for (const [layout, edge, count] of SCENES_OF_CLASSES) {
    const more = { ...WITHOUT_VIDEO, ...withImage() };
    const people = sceneOf(count, { more, sharing: edge === 'left' ? 1 : 0 });
    const options = {
      'layout.spotlight.participants_bar_position': edge,
      'layout.forceMirrorParticipants': true,
      screenshare_layout: layout,
    };
    await showScene(page, sceneConfig(layout, people, options));
    for (const name of await restyled(page, linked.classes)) styled.add(name);
  }
  const others = linked.classes.filter((name) => !styled.has(name));
  expect(others.filter((name) => !reasonOf(name, IDLE_CLASSES))).toEqual([]);
  expect([...styled].filter((name) => reasonOf(name, IDLE_CLASSES))).toEqual([]);
});

test('text colour and font of the picture are inherited by labels, title and initials, and options win over them', async () => {
  const css = '.str-video{color:rgb(1, 2, 3);font-family:serif}';
  const letters = [
    '.str-video__participant-details__name',
    '.eca__logo-and-title-overlay__title',
    '.str-video__video-placeholder__initials-fallback',
  ];
  const styles = () =>
    page.evaluate(
      (selectors) =>
        selectors.map((selector) => {
          const { color, fontFamily } = getComputedStyle(document.querySelector(selector) as Element);
          return `${color} ${fontFamily}`;
        }),
      letters,
    );
  await showCall(css);
  expect(await styles()).toEqual(letters.map(() => 'rgb(1, 2, 3) serif'));
  await showCall(css, { 'participant_label.text_color': 'rgb(4, 5, 6)' });
  expect((await styles())[0]).toBe('rgb(4, 5, 6) serif');
});

test('tiles stand further apart if a theme sets --gap-size, unless the job gives the gap', async () => {
  const gapWith = async (css: string, options = {}) => {
    await showCall(css, { 'grid.rows': 1, 'grid.columns': 2, 'participant.filter': FIRST_TWO, ...options });
    const [first, second] = await boxesOf('.str-video__participant-view');
    return Math.round((second?.left ?? 0) - (first?.right ?? 0));
  };
  expect(await gapWith('')).toBe(10);
  expect(await gapWith('.paginated-grid{--gap-size:calc(2rem + 2px)}')).toBe(34);
  expect(await gapWith(':root{--gap-size:34px}', { 'layout.grid.gap': '7px' })).toBe(7);
});

/** Rules that fight for the same boxes as those of the linked stylesheet, and harder. */
const FIGHTING = `
  .paginated-grid, .spotlight, [class*="-layout"] { display: flex; flex-wrap: wrap; gap: 1rem; padding: 4px; margin: auto; max-width: 110vh; overflow: auto; position: relative; }
  .str-video__speaker-layout__participants-bar { flex-direction: column; }
  .str-video__speaker-layout__spotlight { display: flex; height: auto; min-height: 120%; }
  .str-video__speaker-layout__participant-tile { min-width: 280px; width: 280px; max-width: 25vh; padding: 5px; }
  .str-video__participant-view { max-width: 1280px; aspect-ratio: 4/3; display: flex; }
  .str-video__video-placeholder { aspect-ratio: 4/3; }
`;

/** The published stylesheet is not ours to keep here. It is tried where it is installed, or where this variable says. */
const PUBLISHED =
  process.env.LINKED_STYLESHEET ??
  fileURLToPath(new URL(`../../node_modules/${linked.package}/dist/css/styles.css`, import.meta.url));

const stylesheets: [string, string][] = [['rules that fight for the boxes of tiles', FIGHTING]];
if (existsSync(PUBLISHED)) stylesheets.push(['the published stylesheet', readFileSync(PUBLISHED, 'utf8')]);

test.each(stylesheets)('no layout breaks under %s', { timeout: 120_000 }, async (_what, css) => {
  for (const size of [
    { width: 1280, height: 720 },
    { width: 1920, height: 1080 },
    { width: 360, height: 640 },
  ]) {
    await page.setViewport(size);
    for (const layout of LAYOUT_NAMES)
      for (const count of [1, 4, 9]) {
        await showUnder(css, sceneConfig(layout, sceneOf(count)));
        const what = `${layout}, ${count} people, ${size.width} x ${size.height}`;
        const tiles = await boxesOf('.str-video__participant-view');
        expect(tiles.length, what).toBe(
          Math.min(count, { single_participant: 1, grid: 20, spotlight: 6, sidebar: 6 }[layout]),
        );
        expect(
          tiles.filter((tile) => !isVisible(tile, size)),
          what,
        ).toEqual([]);
        const labels = await boxesOf('.str-video__participant-details');
        expect(labels.length, what).toBe(tiles.length);
        expect(
          labels.filter((label) => !isVisible(label, size)),
          what,
        ).toEqual([]);
      }
  }
  await page.setViewport({ width: 1280, height: 720 });
});

function isVisible(box: Box, { width, height }: { width: number; height: number }): boolean {
  const isInside = box.left >= 0 && box.top >= 0 && box.right <= width + 0.5 && box.bottom <= height + 0.5;
  return isInside && box.right - box.left > 8 && box.bottom - box.top > 8;
}

function boxesOf(selector: string): Promise<Box[]> {
  return page.$$eval(selector, (elements) =>
    elements.map((element) => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      return { left, top, right, bottom };
    }),
  );
}

/** Shows a scene under a stylesheet; resolves when both are there. */
async function showUnder(css: string, config: object): Promise<void> {
  const ext_css = css && `data:text/css,${encodeURIComponent(css)}`;
  await showScene(page, { ...config, ext_css });
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
}

function showCall(css: string, options: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const people = sceneOf(5, {
    more: { ...WITHOUT_VIDEO, ...withImage() },
  });
  const always = {
    'title.text': 'A title',
    'logo.image_url': pages.url('logo.svg'),
    'debug.show_timestamp': true,
  };
  return showUnder(css, sceneConfig('grid', people, { ...always, ...options }));
}

/** Everything that a theme can change in what is shown, as text that can be compared. */
async function lookWith(shown: Shown, css: string): Promise<string> {
  if (shown === 'call') {
    await showCall(css);
    return lookOf(page);
  }
  const options = shown === 'error' ? { 'title.colour': 'red' } : {};
  const { page: other, waitFor } = await openPage(app, sceneConfig('grid', [], options));
  await waitFor(shown === 'error' ? 'failed' : 'ready');
  await other.waitForSelector(shown === 'error' ? '.error' : '.eca__waiting');
  if (css) await other.addStyleTag({ content: css });
  const look = await lookOf(other);
  await other.close();
  return look;
}

function lookOf(on: Page): Promise<string> {
  return on.$$eval('#root *', (elements) =>
    elements
      .map((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        const style = getComputedStyle(element);
        const isClock = element.classList.contains('eca__timestamp');
        const seen = [...style].filter((name) => !/^--|size$|-origin$|^(width|left|right|inset)/.test(name));
        const styles = [...seen, 'font-size'].map((name) => style.getPropertyValue(name));
        return [
          element.className,
          isClock ? [] : [left, top, width, height],
          isClock ? style.fontSize + style.borderRadius : styles,
        ];
      })
      .map((one) => JSON.stringify(one))
      .join('\n'),
  );
}

/** A value that no page has by itself, of the kind that the name tells. */
function strikingValueOf(name: string): string {
  if (name.includes('color')) return 'rgb(11, 22, 33)';
  return name.includes('--icon') ? 'url("data:image/svg+xml,<svg/>")' : '37px';
}

/** Those of the class names whose elements change when a theme styles the class. */
function restyled(on: Page, names: readonly string[]): Promise<string[]> {
  return on.evaluate((given) => {
    const theme = document.head.appendChild(document.createElement('style'));
    const changed = given.filter((name) => {
      const element = document.getElementsByClassName(name)[0];
      if (!element) return false;
      theme.textContent = '';
      const before = getComputedStyle(element).borderTopColor;
      theme.textContent = `.${name}{border-color:rgb(1, 2, 3)}`;
      return before !== getComputedStyle(element).borderTopColor;
    });
    theme.remove();
    return changed;
  }, names);
}
