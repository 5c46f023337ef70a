import { expect, test } from 'vitest';
import { optionVariables } from '../../../../layout-app/theme/optionVariables.ts';
import { parseLayoutOptions } from '../../../../shared/layout/parseLayoutOptions.ts';
import { resolveLayoutOptions } from '../../../../shared/layout/resolveLayoutOptions.ts';

const variablesOf = (options: Readonly<Record<string, unknown>>) =>
  optionVariables(resolveLayoutOptions('grid', parseLayoutOptions(options).options));

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
