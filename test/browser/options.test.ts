import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestParticipant } from '../../shared/layout/layoutConfig.ts';
import type { LayoutName } from '../../shared/layout/layoutNames.ts';
import { LAYOUT_OPTIONS, type LayoutOption } from '../../shared/layout/layoutOptions.ts';
import { defaultOf } from '../../shared/layout/resolveLayoutOptions.ts';
import { type LayoutApp, openPage, showScene, startLayoutApp } from '../support/openLayoutApp.ts';
import { sceneConfig, sceneOf } from '../support/scene.ts';
import { servePages } from '../support/servePages.ts';

type Options = Readonly<Record<string, unknown>>;

/** How an option is tried where any scene will not do. */
interface Trial {
  readonly people?: readonly TestParticipant[];
  /** Options without which this one has nothing to act on. */
  readonly beside?: Options;
  readonly values?: readonly unknown[];
}

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

const PEOPLE = sceneOf(7, { more: { 1: { publishedTracks: ['audio'] }, 2: { roles: ['guest'] } } });
const SHARING = sceneOf(4, { sharing: 1 });
const CROWD = sceneOf(30);
const action = (options: object) => [
  { action_type: 'options_override', options, condition: { participant_count: { $gt: 1 } } },
];

function trialOf({ key, kind, values }: LayoutOption): Trial {
  const special = TRIALS[key];
  return { people: PEOPLE, values: values ?? VALUES[kind] ?? [], ...special };
}

const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  color: ['rgb(1, 2, 3)', '#fff8'],
  length: ['33px', '3rem', 21, 'calc(2rem + 3px)'],
  length_pair: ['33px', '3rem', 21, '12px 34px'],
  corners: ['33px', '3rem', 21, '12px 34px'],
  boolean: [true, false],
  boolean_or_length: [false, '7px'],
  number: [0, 2.5, '34px'],
  percentage: [50, 71],
  text: ['Another title'],
  ratio: ['1/1', '9/16', '1'],
};

const TRIALS: Readonly<Record<string, Trial>> = {
  'video.screenshare_scale_mode': { people: SHARING },
  // The first one speaks. That nobody gets anywhere by speaking with the priority `pin` is seen as time goes by, in the unit tests.
  'layout.priority': {
    people: sceneOf(4, { more: { 2: { isPinned: true } } }),
    beside: { 'layout.grid.page_size': 1 },
    values: ['speaker'],
  },
  'logo.image_url': {
    get values() {
      return [pages.url('logo.svg')];
    },
  },
  'participant.placeholder_background_color': {
    people: sceneOf(3).map((one) => ({ ...one, publishedTracks: [] })),
  },
  'participant.filter': {
    people: sceneOf(3, { more: { 0: { publishedTracks: ['audio'] }, 2: { roles: ['guest'] } } }),
    values: [{ roles: { $contains: 'guest' } }, { $not: { hasVideo: false } }],
  },
  'layout.background_image': {
    get values() {
      const address = pages.url('logo.svg');
      return [address, 'linear-gradient(red, blue)', `linear-gradient(red, transparent), url("${address}")`];
    },
  },
  'layout.background_size': { values: ['contain', '50% auto'] },
  'layout.background_position': { values: ['top left', '10px calc(50% - 1rem)'] },
  'layout.background_repeat': { values: ['repeat', 'repeat-x'] },
  screenshare_layout: { people: SHARING, values: ['grid', 'spotlight', 'sidebar', 'single-participant'] },
  'grid.screenshare_layout': {
    people: SHARING,
    values: ['grid', 'spotlight', 'sidebar', 'single-participant'],
  },
  custom_layout_override: { values: ['grid', 'spotlight', 'sidebar', 'single_participant'] },
  custom_screen_share_layout_override: {
    people: SHARING,
    values: ['grid', 'spotlight', 'sidebar', 'single_participant'],
  },
  custom_actions: { values: [action({ 'title.text': 'More than one' })] },
  'grid.rows': { people: CROWD, values: [2, 3] },
  'grid.columns': { people: CROWD, values: [3, 4] },
  'layout.grid.page_size': { people: CROWD, values: [3, 12] },
  'layout.grid.expand_tiles': { people: sceneOf(5) },
  'layout.single-participant.presenter_visible': { people: SHARING },
  'layout.spotlight.participants_bar_limit': { people: CROWD, values: [0, 2, 'dynamic'] },
};

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
    'logo.image_url': pages.url('logo.svg?logo'),
    'layout.background_image': pages.url('logo.svg?background'),
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
