import { expect, test } from 'vitest';
import type { CustomAction } from '../../../../shared/layout/customActions.ts';
import { LAYOUT_OPTIONS } from '../../../../shared/layout/layoutOptions.ts';
import { parseLayoutOptions } from '../../../../shared/layout/parseLayoutOptions.ts';

/** What a custom action sets, in a job with these options of its own. */
function overrideOf(override: object, options: object = {}) {
  const custom_actions = [{ action_type: 'options_override', options: override, condition: {} }];
  const parsed = parseLayoutOptions({ ...options, custom_actions });
  expect(parsed.problems).toEqual([]);
  const [action] = parsed.options.custom_actions as CustomAction[];
  return action?.action_type === 'options_override' ? action.options : null;
}

test('what was not given is not there, and older keys are gone', () => {
  expect(parseLayoutOptions({ 'grid.position': 'left', 'title.text': 'Hi' }).options).toEqual({
    'layout.spotlight.participants_bar_position': 'left',
    'title.text': 'Hi',
  });
});

test('a custom action sets options in the newer vocabulary, normalised', () => {
  expect(
    overrideOf({ 'grid.cell_padding': 4, 'layout.background_image': 'url(https://a.example/b.png)' }),
  ).toEqual({
    'layout.grid.gap': '4px',
    'layout.background_image': 'url("https://a.example/b.png")',
  });
});

test('a custom action names a layout in any spelling', () => {
  const custom_actions = [{ action_type: 'layout_override', layout: 'single-participant', condition: {} }];
  expect(parseLayoutOptions({ custom_actions }).options.custom_actions).toMatchObject([
    { layout: 'single_participant' },
  ]);
});

test.each([
  [{ 'participant.video_border_rounded': true }, {}, '1.2rem'],
  [{ 'participant.video_border_rounded': true }, { 'participant.video_border_radius': 3 }, '3rem'],
  [{ 'participant.video_border_rounded': false }, { 'participant.video_border_radius': 3 }, '0px'],
  [{ 'participant.video_border_radius': 3 }, { 'participant.video_border_rounded': false }, '0px'],
  [
    { 'participant.video_border_rounded': true },
    { 'participant.video_border_rounded': false, 'participant.video_border_radius': 3 },
    '3rem',
  ],
])('an override of %j over %j makes the corners %s', (override, options, radius) => {
  expect(overrideOf(override, options)).toEqual({ 'participant.border_radius': radius });
});

const IMAGE = 'layout.background_image';
const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';
const DRAWING = "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg'/>";

test.each([
  ['url("https://a.example/b.png")', 'url("https://a.example/b.png")'],
  ["url('https://a.example/b.png')", 'url("https://a.example/b.png")'],
  [' url(https://a.example/b(1).png) ', 'url("https://a.example/b(1).png")'],
  ['https://a.example/b.png', 'url("https://a.example/b.png")'],
  ['https://a.example/"\\\n.png', 'url("https://a.example/%22%5C%0A.png")'],
  ['none', 'none'],
  [PIXEL, `url("${PIXEL}")`],
  [`url("${DRAWING}")`, `url("${DRAWING}")`],
  ['linear-gradient(to right, red 10%, #00f)', 'linear-gradient(to right, red 10%, #00f)'],
  [
    'radial-gradient(circle at top left, rgb(0 0 0 / 50%), color-mix(in oklab, red, blue 20%) calc(1rem + 2%))',
    'radial-gradient(circle at top left, rgb(0 0 0 / 50%), color-mix(in oklab, red, blue 20%) calc(1rem + 2%))',
  ],
  [
    'repeating-conic-gradient(from 0.25turn, red, blue 30deg),url(https://a.example/b.png) , none',
    'repeating-conic-gradient(from 0.25turn, red, blue 30deg), url("https://a.example/b.png"), none',
  ],
])('the background image %j is %s', (given, css) => {
  const { options, problems } = parseLayoutOptions({ [IMAGE]: given });
  expect([options[IMAGE], problems]).toEqual([css, []]);
  expect(parseLayoutOptions({ [IMAGE]: css }).options[IMAGE]).toBe(css);
});

test.each([
  'url("https://a.example/b.png)',
  'url()',
  'url("',
  'url(javascript:alert(1))',
  'url("data:text/html,<p>")',
  'linear-gradient(rde, blue)',
  'linear-gradient(red, url(https://a.example/b.png))',
  'linear-gradient(red, blue); color: red',
  'linear-gradient(red, blue) } body { display: none',
  'linear-gradient(red, blue',
  'linear-gradient(red, expression(1))',
  'image-set("https://a.example/b.png" 1x)',
  'element(#root)',
  'var(--x)',
  'url("https://a.example/b.png") no-repeat',
  'url("https://a.example/b.png"),',
  'none /* , */',
  Array(11).fill('none').join(),
])('the background image %j is refused', (given) => {
  expect(parseLayoutOptions({ [IMAGE]: given }).problems).toHaveLength(1);
});

test('an image may stand in an option itself, up to half a million characters', () => {
  const ofLength = (length: number) => PIXEL.padEnd(length, 'A');
  for (const key of ['logo.image_url', IMAGE]) {
    expect(parseLayoutOptions({ [key]: ofLength(500_000) }).problems).toEqual([]);
    const [problem] = parseLayoutOptions({ [key]: ofLength(500_001) }).problems;
    expect(problem?.message.length).toBeLessThan(300);
  }
});

test.each<[string, unknown, unknown]>([
  ['layout.grid.gap', 'calc(1rem + 2%)', 'calc(1rem + 2%)'],
  ['grid.cell_padding', 'min(10px, 2vw)', 'min(10px, 2vw)'],
  ['title.font_size', 'clamp(1rem, 2vw, 3rem)', 'clamp(1rem, 2vw, 3rem)'],
  ['logo.width', 'max(10px, calc((2rem - 3px) * 2))', 'max(10px, calc((2rem - 3px) * 2))'],
  ['logo.margin_block', '10px 20px', '10px 20px'],
  ['title.margin_inline', '10 calc(1px + 2%)', '10px calc(1px + 2%)'],
  ['participant.border_radius', '10px 20px 0 1em', '10px 20px 0px 1em'],
  ['participant_label.border_radius', '50% / 10px', '50% / 10px'],
  ['participant.video_border_radius', '12px', '12px'],
  ['participant.video_border_radius', 1.5, '1.5rem'],
  ['participant.aspect_ratio', '1', '1 / 1'],
  ['participant.aspect_ratio', 1.5, '1.5 / 1'],
  ['layout.background_position', '0 0, 10px calc(100% - 10px)', '0 0, 10px calc(100% - 10px)'],
  ['logo.image_url', PIXEL, PIXEL],
  ['grid.screenshare_layout', 'single-participant', 'single_participant'],
  ['participant_label.border_rounded', false, '0px'],
  ['participant_label.display_border', false, '0px'],
  ['layout.spotlight.participants_bar_limit', 0, 0],
])('%s: %j is %j', (key, given, expected) => {
  const { options, problems } = parseLayoutOptions({ [key]: given });
  expect([Object.values(options), problems]).toEqual([[expected], []]);
});

test.each<[string, unknown]>([
  ['layout.grid.gap', '10px 20px'],
  ['layout.grid.gap', 'calc(1px + 2)'],
  ['layout.grid.gap', 'calc(1px'],
  ['layout.grid.gap', 'calc(1px / 0)'],
  ['layout.grid.gap', 'var(--x)'],
  ['layout.grid.gap', 'calc(attr(x) * 1px)'],
  ['logo.width', '1px;color:red'],
  ['logo.margin_block', '1px 2px 3px'],
  ['participant.border_radius', '1px 2px 3px 4px 5px'],
  ['participant.border_radius', '1px / / 2px'],
  ['participant.border_radius', '/'],
  ['participant.aspect_ratio', '0'],
  ['participant.aspect_ratio', '1/'],
  ['layout.background_position', 'top; } body { display: none'],
  ['layout.background_size', 'url(https://a.example)'],
  ['logo.image_url', 'data:text/html,<p>'],
  ['grid.rows', -1],
])('%s: %j is refused', (key, given) => {
  expect(parseLayoutOptions({ [key]: given }).problems.map((problem) => problem.key)).toEqual([key]);
});

test("an empty text, null and, of a number that cannot be 0, 0 mean the default, in everybody's names", () => {
  const nothing = Object.fromEntries(LAYOUT_OPTIONS.flatMap(({ key }) => [[key, '']]));
  expect(parseLayoutOptions(nothing)).toEqual({ options: {}, problems: [] });
  const none = Object.fromEntries(LAYOUT_OPTIONS.map(({ key }) => [key, null]));
  expect(parseLayoutOptions(none)).toEqual({ options: {}, problems: [] });
  const zero = {
    'layout.grid.page_size': 0,
    'grid.size_percentage': 0,
    'layout.single-participant.shuffle_delay': 0,
  };
  expect(parseLayoutOptions(zero)).toEqual({ options: {}, problems: [] });
});

test('a custom action sets an option back to its default, in either name', () => {
  const options = { 'title.text': 'Hello', 'participant_label.text_color': 'red' };
  expect(overrideOf({ 'title.text': '', 'participant.label_text_color': null }, options)).toEqual({
    'title.text': null,
    'participant_label.text_color': null,
  });
});

test('as many names as there are wrong are told, the nearest known one only of the first', () => {
  const given = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`title.text${at}`, '']));
  const { problems } = parseLayoutOptions(given);
  expect(problems).toHaveLength(30);
  expect(problems[0]?.message).toContain('did you mean "title.text"?');
});
