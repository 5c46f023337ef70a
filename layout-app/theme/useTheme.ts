import { type CSSProperties, useMemo } from 'react';
import type { ResolvedLayoutOptions } from '../../shared/layout/resolveLayoutOptions.ts';
import { optionVariables } from './optionVariables.ts';

/** The options as a style for the root element, from which the stylesheets take them. */
export function useTheme(options: ResolvedLayoutOptions): CSSProperties {
  return useMemo(() => optionVariables(options) as CSSProperties, [options]);
}
