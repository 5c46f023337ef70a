import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUILT_IN_THEMES, THEME_DEFAULTS } from '../../shared/layout/builtInThemes.ts';
import { LAYOUT_NAMES } from '../../shared/layout/layoutNames.ts';
import { type LayoutApp, openPage, showScene, startLayoutApp } from '../support/openLayoutApp.ts';
import { sceneConfig, sceneOf } from '../support/scene.ts';

/** WCAG 2.2, 1.4.3: the least contrast of text, whatever its size. */
const LEAST_CONTRAST = 4.5;
/** WCAG 2.2, 1.4.11: the least contrast of what tells who speaks. */
const LEAST_OUTLINE_CONTRAST = 3;

/** One with a camera who speaks, one with a camera who is muted, and one without a camera. */
const PEOPLE = sceneOf(3, {
  more: { 1: { publishedTracks: ['video'] }, 2: { publishedTracks: ['audio'] } },
});

let app: LayoutApp;
let page: Page;
beforeAll(async () => {
  app = await startLayoutApp();
  ({ page } = await openPage(app, sceneConfig('grid', sceneOf(1))));
}, 60_000);
afterAll(() => app?.close());

describe.each(BUILT_IN_THEMES)('the theme %s', (theme) => {
  test.each(LAYOUT_NAMES)('has text in %s that can be read over any video', async (layout) => {
    await showScene(
      page,
      sceneConfig(layout, PEOPLE, { 'layout.theme': theme, 'title.text': 'Weekly stand-up' }),
    );
    const contrasts = await contrastsOf(page);
    expect(Object.keys(contrasts)).toEqual(expect.arrayContaining(['title', 'label 0']));
    for (const [what, contrast] of Object.entries(contrasts))
      expect(contrast, what).toBeGreaterThanOrEqual(LEAST_CONTRAST);
  });

  test('has initials that can be read, whatever the name', async () => {
    await showScene(page, sceneConfig('grid', PEOPLE, { 'layout.theme': theme }));
    const contrasts = await initialsContrasts(page);
    expect(contrasts).toHaveLength(36);
    expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
  });

  test('says legibly that others are awaited, and that the call has failed', async () => {
    await showScene(page, sceneConfig('grid', PEOPLE, { 'layout.theme': theme }));
    const contrasts = await noticeContrasts(page);
    for (const [what, contrast] of Object.entries(contrasts))
      expect(contrast, what).toBeGreaterThanOrEqual(LEAST_CONTRAST);
  });

  test('has an outline around whoever speaks that stands out from the background', async () => {
    await showScene(page, sceneConfig('grid', PEOPLE, { 'layout.theme': theme }));
    expect(await outlineContrast(page)).toBeGreaterThanOrEqual(LEAST_OUTLINE_CONTRAST);
  });
});

const BACKGROUND = 'background-color';

test('light and dark have backgrounds of their own', async () => {
  const backgrounds = new Set<string>();
  for (const theme of BUILT_IN_THEMES) {
    await showScene(page, sceneConfig('sidebar', PEOPLE, { 'layout.theme': theme }));
    backgrounds.add(await styleOf('.eca__app', BACKGROUND));
  }
  expect(backgrounds.size).toBe(BUILT_IN_THEMES.length);
});

test.each([
  'dark',
  'light',
] as const)('every option that the job gives wins over the theme %s', async (theme) => {
  const options = {
    'layout.theme': theme,
    'layout.background_color': 'rgb(1, 2, 3)',
    'participant.label_text_color': 'rgb(4, 5, 6)',
    'participant_label.background_color': 'rgb(7, 8, 9)',
    'participant.border_radius': '3px',
  };
  await showScene(page, sceneConfig('sidebar', PEOPLE, options));
  expect(await styleOf('.eca__app', BACKGROUND)).toBe('rgb(1, 2, 3)');
  expect(await styleOf('.str-video__participant-details', 'color')).toBe('rgb(4, 5, 6)');
  expect(await styleOf('.str-video__participant-details', BACKGROUND)).toBe('rgb(7, 8, 9)');
  expect(await styleOf('.str-video__participant-view', 'border-radius')).toBe('3px');
});

test('a custom action can change the theme in mid-call', async () => {
  const custom_actions = [
    {
      action_type: 'options_override',
      options: { 'layout.theme': 'light' },
      condition: { participant_count: { $gt: 2 } },
    },
  ];
  await showScene(page, sceneConfig('grid', sceneOf(2), { 'layout.theme': 'dark', custom_actions }));
  const dark = await styleOf('.eca__app', BACKGROUND);
  await showScene(page, sceneConfig('grid', sceneOf(3), { 'layout.theme': 'dark', custom_actions }));
  expect(await styleOf('.eca__app', BACKGROUND)).not.toBe(dark);
  for (const contrast of Object.values(await contrastsOf(page)))
    expect(contrast).toBeGreaterThanOrEqual(LEAST_CONTRAST);
});

const STYLESHEETS = {
  rules: `.str-video { background: rgb(1, 2, 3); }
    .str-video__participant-details { color: rgb(4, 5, 6); font-weight: 300; }
    .str-video__video-placeholder__initials-fallback { background: rgb(7, 8, 9); }`,
  variables: `.str-video { --str-video__background-color0: rgb(1, 2, 3); --str-video__text-color1: rgb(4, 5, 6);
    --str-video__primary-color: rgb(7, 8, 9); }`,
};

test.each(
  Object.keys(STYLESHEETS) as (keyof typeof STYLESHEETS)[],
)('the %s of an external stylesheet win over the theme', async (kind) => {
  const opened = await openPage(
    app,
    sceneConfig(
      'grid',
      PEOPLE,
      { 'layout.theme': 'light' },
      { ext_css: `data:text/css,${encodeURIComponent(STYLESHEETS[kind])}` },
    ),
  );
  await opened.waitFor('ready');
  const style = (selector: string, property: string) => styleOf(selector, property, opened.page);
  expect(await style('.eca__app', BACKGROUND)).toBe('rgb(1, 2, 3)');
  expect(await style('.str-video__participant-details', 'color')).toBe('rgb(4, 5, 6)');
  expect(await style('.str-video__video-placeholder__initials-fallback', BACKGROUND)).toBe('rgb(7, 8, 9)');
  if (kind === 'rules') expect(await style('.str-video__participant-details', 'font-weight')).toBe('300');
  // What the stylesheet does not say is still the theme's.
  const radius = THEME_DEFAULTS.light['participant.border_radius'];
  expect(await style('.str-video__participant-view', 'border-radius')).toBe(radius);
  await opened.page.close();
});

function styleOf(selector: string, property: string, on = page): Promise<string> {
  return on.$eval(selector, (element, name) => getComputedStyle(element).getPropertyValue(name), property);
}

/** Contrasts of the letters of labels and title with what is behind them, where the video there is least favourable. */
function contrastsOf(on: Page): Promise<Record<string, number>> {
  return measure(on, ({ contrast, over }) => {
    const contrasts: Record<string, number> = {};
    const around = (element: Element) => {
      const { color, backgroundColor, webkitTextStrokeColor: halo } = getComputedStyle(element);
      const hasHalo = over(halo, 'red').join() !== over('transparent', 'red').join();
      const behind = hasHalo ? halo : backgroundColor;
      return Math.min(...['white', 'black'].map((video) => contrast(color, over(behind, video))));
    };
    for (const [at, label] of document.querySelectorAll('.str-video__participant-details').entries())
      contrasts[`label ${at}`] = around(label);
    const title = document.querySelector('.eca__logo-and-title-overlay__title');
    if (title) contrasts.title = around(title);
    return contrasts;
  });
}

/** Contrasts of initials with their discs, for names of all colours. */
function initialsContrasts(on: Page): Promise<number[]> {
  return measure(on, ({ contrast, over }) => {
    const initials = document.querySelector<HTMLElement>('.str-video__video-placeholder__initials-fallback');
    return Array.from({ length: initials ? 36 : 0 }, (_, step) => {
      (initials as HTMLElement).style.setProperty('--avatar-hue', String(step * 10));
      const { color, backgroundColor } = getComputedStyle(initials as HTMLElement);
      return contrast(color, over(backgroundColor, 'white'));
    });
  });
}

/** Contrasts of the two notices, which this scene does not show and which are therefore put into the picture. */
function noticeContrasts(on: Page): Promise<Record<string, number>> {
  return measure(on, ({ contrast, over }) => {
    const app = document.querySelector('.eca__app') as HTMLElement;
    const styleIn = (className: string) => {
      const element = Object.assign(document.createElement('div'), { className, textContent: 'Notice' });
      app.append(element);
      const { color, backgroundColor } = getComputedStyle(element);
      element.remove();
      return { color, backgroundColor };
    };
    const background = getComputedStyle(app).backgroundColor;
    const error = styleIn('error');
    return {
      waiting: contrast(styleIn('eca__waiting').color, over(background, 'white')),
      error: contrast(error.color, over(error.backgroundColor, 'white')),
    };
  });
}

/** The contrast of the outline of whoever speaks with the background of the picture. */
function outlineContrast(on: Page): Promise<number> {
  return measure(on, ({ contrast, over }) => {
    const tile = document.querySelector('.str-video__participant-view--speaking') as Element;
    const background = getComputedStyle(document.querySelector('.eca__app') as Element).backgroundColor;
    return contrast(getComputedStyle(tile).outlineColor, over(background, 'white'));
  });
}

interface Colors {
  /** Contrast of two colours as WCAG 2.2 defines it, from 1 to 21. The second one is red, green and blue up to 255. */
  contrast(letters: string, behind: readonly number[]): number;
  /** What is seen of a colour that may let another one through: red, green and blue up to 255. */
  over(color: string, behind: string): number[];
}

/** Runs a function in the page with what it needs to compare colours. */
async function measure<T>(on: Page, look: (colors: Colors) => T): Promise<T> {
  const colors = await on.evaluateHandle((): Colors => {
    const over = (color: string, behind: string) => {
      const context = new OffscreenCanvas(1, 1).getContext('2d') as OffscreenCanvasRenderingContext2D;
      for (const fill of [behind, color]) {
        context.fillStyle = fill;
        context.fillRect(0, 0, 1, 1);
      }
      return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const luminance = (rgb: readonly number[]) => {
      const [red = 0, green = 0, blue = 0] = rgb.map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const contrast = (letters: string, behind: readonly number[]) => {
      const [less = 0, more = 0] = [luminance(over(letters, 'white')), luminance(behind)].sort(
        (a, b) => a - b,
      );
      return (more + 0.05) / (less + 0.05);
    };
    return { contrast, over };
  });
  return (await on.evaluate(look as (colors: unknown) => T, colors)) as T;
}
