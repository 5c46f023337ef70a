import { describe, expect, test } from 'vitest';
import { BUILT_IN_THEMES, THEME_DEFAULTS } from '../../../../shared/layout/builtInThemes.ts';
import { LAYOUT_NAMES } from '../../../../shared/layout/layoutNames.ts';
import { LAYOUT_OPTIONS, type LayoutOption } from '../../../../shared/layout/layoutOptions.ts';
import { optionSchema } from '../../../../shared/layout/optionValue.ts';
import { parseLayoutOptions } from '../../../../shared/layout/parseLayoutOptions.ts';
import {
  defaultOf,
  findIdleOptions,
  resolveLayoutOptions,
} from '../../../../shared/layout/resolveLayoutOptions.ts';

/** The keys of the seed's three tables. */
const SEED_KEYS = `video.background_color video.screenshare_scale_mode participant.label_horizontal_position
  participant.video_border_radius logo.horizontal_position participant.label_display participant.label_text_color
  participant.label_background_color participant.label_border_radius logo.vertical_position
  participant.label_display_border participant.label_vertical_position participant.video_highlight_border_color
  participant.video_border_rounded participant.video_border_width participant.placeholder_background_color
  video.scale_mode logo.image_url participant.label_border_color participant.label_border_rounded
  participant.video_border_color participant.aspect_ratio grid.position grid.columns grid.cell_padding
  screenshare_layout grid.size_percentage grid.rows grid.margin`.split(/\s+/);

describe('the table', () => {
  test("has every key of the seed's tables", () => {
    const keys = LAYOUT_OPTIONS.map(({ key }) => key);
    expect(SEED_KEYS.filter((key) => !keys.includes(key))).toEqual([]);
  });

  test('has each key once, and each alias means a key of the table', () => {
    const keys = LAYOUT_OPTIONS.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    const targets = LAYOUT_OPTIONS.flatMap(({ alias }) => (alias ? [alias.key] : []));
    expect(targets.filter((key) => !keys.includes(key))).toEqual([]);
  });

  test.each(LAYOUT_NAMES)('has defaults in %s that fit their own kind', (layout) => {
    const misfits = LAYOUT_OPTIONS.filter((option) => {
      const value = defaultOf(option, layout);
      return value !== null && !optionSchema(option).safeParse(value).success;
    });
    expect(misfits.map(({ key }) => key)).toEqual([]);
  });
});

describe('resolving', () => {
  test('gives the documented default of each layout', () => {
    expect(resolveLayoutOptions('grid', {})).toMatchObject({ 'grid.rows': 4, 'layout.size_percentage': 90 });
    expect(resolveLayoutOptions('spotlight', {})).toMatchObject({
      'grid.rows': 1,
      'layout.size_percentage': 20,
    });
  });

  test.each([
    [{ 'participant.label_text_color': 'red' }, 'participant_label.text_color', 'red'],
    [{ 'participant.video_border_radius': 2 }, 'participant.border_radius', '2rem'],
    [{ 'participant.video_border_rounded': false }, 'participant.border_radius', '0px'],
    [
      { 'participant.video_border_rounded': true, 'participant.video_border_radius': 3 },
      'participant.border_radius',
      '3rem',
    ],
    [
      { 'participant.video_border_rounded': false, 'participant.video_border_radius': 3 },
      'participant.border_radius',
      '0px',
    ],
    [{ 'participant.label_display_border': false }, 'participant_label.border_width', '0px'],
    [{ 'grid.position': 'left' }, 'layout.spotlight.participants_bar_position', 'left'],
    [{ 'grid.cell_padding': 4 }, 'layout.grid.gap', '4px'],
    [{ 'participant.aspect_ratio': '16:9' }, 'participant.aspect_ratio', '16 / 9'],
    [{ screenshare_layout: 'single-participant' }, 'screenshare_layout', 'single_participant'],
    [
      { 'layout.background_image': 'https://a.example/b.png' },
      'layout.background_image',
      'url("https://a.example/b.png")',
    ],
  ])('%j sets %s to %s', (given, key, value) => {
    expect(resolveLayoutOptions('spotlight', parseLayoutOptions(given).options)[key]).toBe(value);
  });

  test('the newer name wins where both are given', () => {
    const given = { 'participant_label.text_color': 'blue', 'participant.label_text_color': 'red' };
    expect(
      resolveLayoutOptions('grid', parseLayoutOptions(given).options)['participant_label.text_color'],
    ).toBe('blue');
  });
});

test('no text that could leave its CSS property is taken', () => {
  const given = {
    'layout.background_position': 'top; } body { display: none',
    'logo.height': '1px;color:red',
  };
  expect(parseLayoutOptions(given).problems.map(({ key }) => key)).toEqual([
    'layout.background_position',
    'logo.height',
  ]);
});

test('options without an effect in a layout are named', () => {
  const given = { 'grid.position': 'top', 'grid.rows': 2, 'layout.spotlight.participants_bar_limit': '' };
  expect(findIdleOptions('grid', given)).toEqual(['grid.position']);
});

describe('built-in themes', () => {
  test.each(BUILT_IN_THEMES)('%s has values of newer keys of the table, each of its own kind', (theme) => {
    const misfits = Object.entries(THEME_DEFAULTS[theme]).filter(([key, value]) => {
      const option = LAYOUT_OPTIONS.find((one) => one.key === key);
      return !option || option.alias || !optionSchema(option).safeParse(value).success;
    });
    expect(misfits).toEqual([]);
  });

  test('are other defaults, which the job can override one by one', () => {
    const { options } = parseLayoutOptions({
      'layout.theme': 'light',
      'participant.label_text_color': 'navy',
      'grid.rows': 2,
    });
    const resolved = resolveLayoutOptions('sidebar', options);
    const light = THEME_DEFAULTS.light;
    expect(resolved).toMatchObject({ ...light, 'participant_label.text_color': 'navy', 'grid.rows': 2 });
    expect(resolved['participant.video_border_width']).toBe(true);
  });

  test('are named as the defaults of an option', () => {
    const option = LAYOUT_OPTIONS.find(({ key }) => key === 'title.color') as LayoutOption;
    expect(defaultOf(option, 'grid')).toBe('white');
    expect(defaultOf(option, 'grid', 'light')).toBe(THEME_DEFAULTS.light['title.color']);
  });
});
