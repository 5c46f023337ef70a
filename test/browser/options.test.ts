import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LayoutName } from '../../shared/layout/layoutNames.ts';
import { LAYOUT_OPTIONS } from '../../shared/layout/layoutOptions.ts';
import { defaultOf } from '../../shared/layout/resolveLayoutOptions.ts';
import { type LayoutApp, openPage, showScene, startLayoutApp } from '../support/openLayoutApp.ts';
import { type Options, PEOPLE, PICTURE, type Trial, trialOf } from '../support/optionTrials.ts';
import { sceneConfig, sceneOf } from '../support/scene.ts';

let app: LayoutApp;
let page: Page;

beforeAll(async () => {
  app = await startLayoutApp();
  ({ page } = await openPage(app, sceneConfig('grid', sceneOf(1))));
}, 60_000);

afterAll(async () => {
  await app?.close();
});

/** These change what is shown as time goes by; see below. */
const TIMED = ['layout.single-participant.mode', 'layout.single-participant.shuffle_delay'];

const trials = LAYOUT_OPTIONS.filter(({ key }) => !TIMED.includes(key)).flatMap((option) =>
  option.layouts.map((layout) => [option.key, layout, option] as const),
);

test.each(trials)('%s has an effect in %s, and the documented default', async (key, layout, option) => {
  const { people, beside, values = [] } = trialOf(option);
  const options = { ...context(), ...beside };
  const documented = defaultOf(option, layout);
  const usual = await lookOf(layout, people, without(options, key));
  const shown = key === 'custom_screen_share_layout_override' && layout === 'grid' ? 'spotlight' : layout;
  const others = values.filter((value) => value !== documented && value !== shown);
  // Each form that a value may have is tried in the first layout of the option, and one of them in the others.
  const tried = layout === option.layouts[0] ? others : others.slice(0, 1);
  expect(tried.length).toBeGreaterThan(0);
  for (const value of tried)
    expect(
      await lookOf(layout, people, { ...options, [key]: value }),
      `${key}: ${JSON.stringify(value)}`,
    ).not.toBe(usual);
  if (documented !== null)
    expect(await lookOf(layout, people, { ...options, [key]: documented })).toBe(usual);
});

describe('shuffle', () => {
  test('shows one after another, each as long as shuffle_delay says', async () => {
    const shuffle = { 'layout.single-participant.mode': 'shuffle' };
    const seen = async (options: Options) => {
      await show('single_participant', PEOPLE, options);
      return page.evaluate(async () => {
        const ids = new Set<string | null>();
        const endMs = performance.now() + 1_300;
        while (performance.now() < endMs) {
          const tile = document.querySelector('[data-participant-id]');
          ids.add(tile?.getAttribute('data-participant-id') ?? null);
          await new Promise(requestAnimationFrame);
        }
        return ids.size;
      });
    };
    expect(await seen({})).toBe(1);
    expect(await seen({ ...shuffle, 'layout.single-participant.shuffle_delay': 300 })).toBeGreaterThanOrEqual(
      3,
    );
    expect(await seen(shuffle)).toBeLessThanOrEqual(2);
  });
});

/** Without a logo or a title, their places could not be seen. */
function context(): Options {
  return {
    'title.text': 'A title',
    'logo.image_url': `${PICTURE}#logo`,
    'layout.background_image': `${PICTURE}#background`,
  };
}

function without(options: Options, key: string): Options {
  return Object.fromEntries(Object.entries(options).filter(([name]) => name !== key));
}

const looks = new Map<string, Promise<string>>();

/** A hash of everything that can be seen of a scene; one that was shown before is not shown again. */
function lookOf(layout: LayoutName, people: Trial['people'], options: Options): Promise<string> {
  const scene = JSON.stringify([layout, people, Object.entries(options).sort()]);
  const look = looks.get(scene) ?? show(layout, people, options).then(hashOfPage);
  looks.set(scene, look);
  return look;
}

/** Of elements, attributes, rectangles, computed styles. */
function hashOfPage(): Promise<string> {
  return page.evaluate(async () => {
    const elements = [...document.querySelectorAll('#root *')].filter(
      (element) => !element.closest('.eca__timestamp'),
    );
    const properties = [...getComputedStyle(document.body)].filter((name) => !name.startsWith('--'));
    const looks = elements.map((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const attributes = [...element.attributes].filter(({ name }) => name !== 'style');
      const style = getComputedStyle(element);
      return [
        element.tagName,
        attributes.map(({ name, value }) => `${name}=${value}`),
        [left, top, width, height],
        properties.map((name) => style.getPropertyValue(name)),
        element.childElementCount === 0 ? element.textContent : '',
      ];
    });
    const seen = JSON.stringify(looks) + document.querySelectorAll('.eca__timestamp').length;
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(seen));
    return [...new Uint8Array(hash)].join();
  });
}

async function show(layout: string, people: Trial['people'], options: Options): Promise<void> {
  await showScene(page, sceneConfig(layout, people ?? [], options));
}
