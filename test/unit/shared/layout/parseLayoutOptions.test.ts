import { expect, test } from 'vitest';
import type { CustomAction } from '../../../../shared/layout/customActions.ts';
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
    'layout.background_image': 'https://a.example/b.png',
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

test.each([
  ['url("https://a.example/b.png")', 'https://a.example/b.png'],
  ["url('https://a.example/b.png')", 'https://a.example/b.png'],
  [' url(https://a.example/b(1).png) ', 'https://a.example/b(1).png'],
  ['https://a.example/b.png', 'https://a.example/b.png'],
])('the background image %j is %s', (given, address) => {
  const { options, problems } = parseLayoutOptions({ 'layout.background_image': given });
  expect([options['layout.background_image'], problems]).toEqual([address, []]);
});

test.each([
  'url("https://a.example/b.png)',
  'url()',
  'url("',
  'url(javascript:alert(1))',
  'none',
])('the background image %j is refused', (given) => {
  expect(parseLayoutOptions({ 'layout.background_image': given }).problems).toHaveLength(1);
});

test('as many names as there are wrong are told, the nearest known one only of the first', () => {
  const given = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`title.text${at}`, '']));
  const { problems } = parseLayoutOptions(given);
  expect(problems).toHaveLength(30);
  expect(problems[0]?.message).toContain('did you mean "title.text"?');
});
