import { cssValuesIn } from '../../shared/layout/cssValuesIn.ts';
import { LAYOUT_OPTIONS } from '../../shared/layout/layoutOptions.ts';
import type { OptionValue } from '../../shared/layout/optionValue.ts';
import type { ResolvedLayoutOptions } from '../../shared/layout/resolveLayoutOptions.ts';

const OBJECT_FIT: Readonly<Record<string, string>> = {
  fill: 'cover',
  fit: 'contain',
};

/** Resolved options as CSS variables, with the names of the option table; a pair of lengths has one more, `-sum`. Options that are off have no variable. */
export function optionVariables(options: ResolvedLayoutOptions): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const { key, kind, cssVariable } of LAYOUT_OPTIONS) {
    const value = options[key];
    if (!cssVariable || value === null || value === undefined) continue;
    variables[cssVariable] = cssText(kind, value);
    if (kind === 'length_pair') variables[`${cssVariable}-sum`] = sumOf(String(value));
  }
  return variables;
}

/** Both sides together, for what has to leave room for them. */
function sumOf(pair: string): string {
  const [first = '', second = first] = cssValuesIn(pair) ?? [];
  return first === '' || /auto|initial/.test(pair) ? '0px' : `calc(${first} + ${second})`;
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
