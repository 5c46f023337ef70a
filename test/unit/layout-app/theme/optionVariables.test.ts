import { expect, test } from 'vitest';
import { optionVariables } from '../../../../layout-app/theme/optionVariables.ts';
import { LINKED_VARIABLES } from '../../../../shared/layout/linkedVariables.ts';
import { resolveLayoutOptions } from '../../../../shared/layout/resolveLayoutOptions.ts';

const variablesOf = (given: Record<string, string>) =>
  optionVariables(resolveLayoutOptions('grid', given), given);

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
