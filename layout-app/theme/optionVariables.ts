import { cssValuesIn } from '../../shared/layout/cssValuesIn.ts';
import { LAYOUT_OPTIONS } from '../../shared/layout/layoutOptions.ts';
import { LINKED_VARIABLES } from '../../shared/layout/linkedVariables.ts';
import type { OptionValue } from '../../shared/layout/optionValue.ts';
import type { GivenOptions } from '../../shared/layout/parseLayoutOptions.ts';
import type { ResolvedLayoutOptions } from '../../shared/layout/resolveLayoutOptions.ts';

const OBJECT_FIT: Readonly<Record<string, string>> = {
  fill: 'cover',
  fit: 'contain',
};

/** Options that yield to the `color` of the picture before they yield to a variable. See useThemeDefaults. */
const TEXT_COLORS = new Set(['participant_label.text_color', 'title.color']);

/**
 * Resolved options as CSS variables, with the names of the option table; a pair of lengths has one more, `-sum`.
 * Options that are off have no variable. An option that is not `given` has its default value only as a fallback: a variable of the linked app's stylesheet wins
 * over it, if a theme sets that variable.
 */
export function optionVariables(options: ResolvedLayoutOptions, given: GivenOptions): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const { key, kind, cssVariable } of LAYOUT_OPTIONS) {
    const value = options[key];
    if (!cssVariable || value === null || value === undefined) continue;
    const text = cssText(kind, value);
    variables[cssVariable] = given[key] === undefined ? unlessThemed(key, text) : text;
    if (kind === 'length_pair') variables[`${cssVariable}-sum`] = sumOf(String(value));
  }
  return variables;
}

/** Both sides together, for what has to leave room for them. */
function sumOf(pair: string): string {
  const [first = '', second = first] = cssValuesIn(pair) ?? [];
  return first === '' || /auto|initial/.test(pair) ? '0px' : `calc(${first} + ${second})`;
}

function unlessThemed(key: string, text: string): string {
  const linked = LINKED_VARIABLES.filter(({ options }) => options.includes(key)).map(({ name }) => name);
  const names = TEXT_COLORS.has(key) ? ['--theme-color', ...linked] : linked;
  return names.reduceRight((fallback, name) => `var(${name}, ${fallback})`, text);
}

function cssText(kind: string, value: OptionValue): string {
  switch (kind) {
    case 'boolean_or_length':
      return typeof value === 'boolean' ? `${value ? 1 : 0}px` : String(value);
    case 'percentage':
      return `${value}%`;
    case 'enum':
      return OBJECT_FIT[String(value)] ?? String(value);
    default:
      return String(value);
  }
}
