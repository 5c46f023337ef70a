import { describe, expect, it, test } from 'vitest';
import type { CallParticipant } from '../../../../layout-app/call/call.ts';
import { chooseLayout as chooseParsed } from '../../../../layout-app/layouts/chooseLayout.ts';
import type { LayoutName } from '../../../../shared/layout/layoutNames.ts';
import { parseLayoutOptions } from '../../../../shared/layout/parseLayoutOptions.ts';
import { aParticipant } from '../../../support/aParticipant.ts';

/** What a job with these options would show to these people. */
function chooseLayout(layout: LayoutName, options: object, people: readonly CallParticipant[]) {
  return chooseParsed(layout, parseLayoutOptions(options as Record<string, unknown>).options, people);
}

const ALONE = [aParticipant('ada')];
const SHARING = [aParticipant('ada', { hasScreenShare: true }), aParticipant('bo')];

test.each([
  ['grid', {}, 'spotlight'],
  ['grid', { screenshare_layout: 'grid' }, 'grid'],
  ['spotlight', {}, 'spotlight'],
  ['sidebar', {}, 'sidebar'],
  ['sidebar', { screenshare_layout: 'spotlight' }, 'spotlight'],
  ['grid', { screenshare_layout: 'sidebar' }, 'sidebar'],
  ['single_participant', {}, 'single_participant'],
  ['single_participant', { custom_screen_share_layout_override: 'grid' }, 'grid'],
  ['grid', { custom_layout_override: 'single-participant' }, 'single_participant'],
] as const)('%s with %j is %s while a screen is shared', (layout, options, expected) => {
  expect(chooseLayout(layout, options, SHARING).name).toBe(expected);
});

it('takes the default where a custom action sets an option back to it', () => {
  const back = { 'grid.rows': null, 'title.text': '' };
  const custom_actions = [{ action_type: 'options_override', options: back, condition: {} }];
  const shown = chooseLayout('grid', { 'grid.rows': 2, 'title.text': 'Hi', custom_actions }, ALONE);
  expect(shown.options).toMatchObject({ 'grid.rows': 4, 'title.text': null });
  expect(shown.given).not.toHaveProperty('grid.rows');
});

it('does not take the size of a grid for that of a spotlight', () => {
  const given = { 'grid.size_percentage': 80, 'grid.rows': 3, 'title.text': 'Hi' };
  expect(chooseLayout('grid', given, SHARING).options).toMatchObject({
    'layout.size_percentage': 20,
    'grid.rows': 1,
    'title.text': 'Hi',
  });
});

it('does not take the side of the bar of one layout for that of another', () => {
  const position = 'layout.spotlight.participants_bar_position';
  const given = { [position]: 'left', screenshare_layout: 'sidebar' };
  expect(chooseLayout('spotlight', given, SHARING).options[position]).toBe('auto');
  expect(chooseLayout('spotlight', given, ALONE).options[position]).toBe('left');
  // A grid has no bar, so that the option can only be meant for the layout of a shared screen.
  expect(chooseLayout('grid', given, SHARING).options[position]).toBe('left');
});

it('keeps the size that was given for the layout that is shown', () => {
  const given = { 'grid.size_percentage': 30, 'grid.rows': 2 };
  expect(chooseLayout('spotlight', given, SHARING).options).toMatchObject({
    'layout.size_percentage': 30,
    'grid.rows': 2,
  });
});

it('takes the default where a custom action sets an option back to it', () => {
  const back = { 'grid.rows': null, 'title.text': '' };
  const custom_actions = [{ action_type: 'options_override', options: back, condition: {} }];
  const shown = chooseLayout('grid', { 'grid.rows': 2, 'title.text': 'Hi', custom_actions }, ALONE);
  expect(shown.options).toMatchObject({ 'grid.rows': 4, 'title.text': null });
  expect(shown.given).not.toHaveProperty('grid.rows');
});

it('does not take the size of a grid that a custom action gives, in the older words, for that of a spotlight', () => {
  const custom_actions = [
    { action_type: 'options_override', options: { 'grid.size_percentage': 80 }, condition: {} },
  ];
  expect(chooseLayout('grid', { custom_actions }, SHARING).options['layout.size_percentage']).toBe(20);
  expect(chooseLayout('grid', { custom_actions }, ALONE).options['layout.size_percentage']).toBe(80);
});

describe('custom actions', () => {
  const actions = [
    {
      action_type: 'layout_override',
      layout: 'single_participant',
      ignore_screenshare: true,
      condition: { participant_count: { $lt: 3 } },
    },
    {
      action_type: 'options_override',
      options: { 'title.text': 'Just me' },
      condition: { participant_count: 1 },
    },
  ];

  it('override layout and options while their condition holds', () => {
    const alone = chooseLayout('grid', { custom_actions: actions }, ALONE);
    expect([alone.name, alone.options['title.text']]).toEqual(['single_participant', 'Just me']);
    const many = ['a', 'b', 'c'].map((id) => aParticipant(id));
    expect(chooseLayout('grid', { custom_actions: actions }, many).name).toBe('grid');
  });

  it("override the job's options, whichever of the two names of an option each of them uses", () => {
    const custom_actions = [
      { action_type: 'options_override', options: { 'participant.label_text_color': 'red' }, condition: {} },
    ];
    const given = { 'participant_label.text_color': 'blue', custom_actions };
    expect(chooseLayout('grid', given, ALONE).options['participant_label.text_color']).toBe('red');
  });

  it('may ignore that a screen is shared', () => {
    expect(chooseLayout('grid', { custom_actions: actions }, SHARING).name).toBe('single_participant');
  });

  it('come before custom_layout_override, the first that matches before the others', () => {
    const options = { custom_actions: actions, custom_layout_override: 'spotlight' };
    expect(chooseLayout('grid', options, ALONE).name).toBe('single_participant');
  });

  it('may ask for a role or a track that anybody has', () => {
    const hosted = (condition: object) => ({
      custom_actions: [{ action_type: 'layout_override', layout: 'single-participant', condition }],
    });
    const host = [aParticipant('ada'), aParticipant('bo', { roles: ['host'] })];
    expect(chooseLayout('grid', hosted({ roles: { $contains: 'host' } }), host).name).toBe(
      'single_participant',
    );
    expect(chooseLayout('grid', hosted({ roles: { $contains: 'host' } }), ALONE).name).toBe('grid');
    const screen = hosted({ published_tracks: { $contains: 'screen_share' } });
    expect(chooseLayout('grid', screen, ALONE).name).toBe('grid');
  });
});
