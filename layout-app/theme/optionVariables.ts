import { LAYOUT_OPTIONS } from '../../shared/layout/layoutOptions.ts';
import type { OptionValue } from '../../shared/layout/optionValue.ts';
import type { ResolvedLayoutOptions } from '../../shared/layout/resolveLayoutOptions.ts';

const OBJECT_FIT: Readonly<Record<string, string>> = {
  fill: 'cover',
  fit: 'contain',
};

/** Resolved options as CSS variables, with the names of the option table. Options that are off have no variable. */
export function optionVariables(options: ResolvedLayoutOptions): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const { key, kind, cssVariable } of LAYOUT_OPTIONS) {
    const value = options[key];
    if (cssVariable && value !== null && value !== undefined) variables[cssVariable] = cssText(kind, value);
  }
  return variables;
}

function cssText(kind: string, value: OptionValue): string {
  switch (kind) {
    case 'boolean_or_length':
      return typeof value === 'boolean' ? `${value ? 1 : 0}px` : String(value);
    case 'percentage':
      return `${value}%`;
    case 'image':
      return `url("${String(value).replace(/["\\\n]/g, '\\$&')}")`;
    case 'enum':
      return OBJECT_FIT[String(value)] ?? String(value);
    default:
      return String(value);
  }
}
