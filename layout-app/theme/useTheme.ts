import { type CSSProperties, useMemo } from 'react';
import type { ChosenLayout } from '../layouts/chooseLayout.ts';
import { optionVariables } from './optionVariables.ts';

/**
 * The options as a style for the root element, from which the stylesheets take them. `hasOwnColor` tells whether a theme
 * gave the root element a text colour: letters then inherit it, unless an option says otherwise.
 */
export function useTheme({ options, given }: ChosenLayout, hasOwnColor: boolean): CSSProperties {
  return useMemo(() => {
    const variables = optionVariables(options, given);
    return (hasOwnColor ? { ...variables, '--theme-color': 'currentcolor' } : variables) as CSSProperties;
  }, [options, given, hasOwnColor]);
}
