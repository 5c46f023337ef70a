import { expect, test } from 'vitest';
import { optionVariables } from '../../../../layout-app/theme/optionVariables.ts';
import { LINKED_VARIABLES } from '../../../../shared/layout/linkedVariables.ts';
import { parseLayoutOptions } from '../../../../shared/layout/parseLayoutOptions.ts';
import { resolveLayoutOptions } from '../../../../shared/layout/resolveLayoutOptions.ts';

function variablesOf(wire: Readonly<Record<string, unknown>>) {
  const given = parseLayoutOptions(wire).options;
  return optionVariables(resolveLayoutOptions('grid', given), given);
}

test('layers of a background reach the stylesheet as they were checked', () => {
  const given = { 'layout.background_image': 'linear-gradient(red, blue), url(https://a.example/b.png)' };
  expect(variablesOf(given)['--layout-background-image']).toBe(
    'linear-gradient(red, blue), url("https://a.example/b.png")',
  );
  expect(variablesOf({})).not.toHaveProperty('--layout-background-image');
});

test.each([
  ['4px', '4px', 'calc(4px + 4px)'],
  ['4px 10%', '4px 10%', 'calc(4px + 10%)'],
  ['calc(1rem + 2px) 0', 'calc(1rem + 2px) 0px', 'calc(calc(1rem + 2px) + 0px)'],
  ['auto', 'auto', '0px'],
])('the margins %j are told singly and together', (given, both, sum) => {
  const variables = variablesOf({ 'participant_label.margin_inline': given });
  expect(variables['--participant-label-margin-inline']).toBe(both);
  expect(variables['--participant-label-margin-inline-sum']).toBe(sum);
});

test('an option that the job gives wins over a variable that a theme sets', () => {
  const given = { 'participant.border_radius': '3px', 'participant_label.text_color': 'red' };
  expect(variablesOf(given)).toMatchObject({
    '--participant-border-radius': '3px',
    '--participant-label-text-color': 'red',
  });
});

test('a default value yields to the variable that a theme sets, and a text colour first to that of the picture', () => {
  expect(variablesOf({})).toMatchObject({
    '--participant-border-radius': 'var(--str-video__border-radius-sm, 1.2rem)',
    '--participant-label-text-color': 'var(--theme-color, var(--str-video__text-color1, #000000))',
    '--participant-outline-width': '2px',
  });
});

test('every option in the table of linked variables is one that the page knows', () => {
  const known = Object.keys(resolveLayoutOptions('grid', {}));
  const named = LINKED_VARIABLES.flatMap(({ options }) => options);
  expect(named.filter((key) => !known.includes(key))).toEqual([]);
});
