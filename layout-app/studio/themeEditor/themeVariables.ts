import { LAYOUT_OPTIONS } from '../../../shared/layout/layoutOptions.ts';
import { LINKED_VARIABLES } from '../../../shared/layout/linkedVariables.ts';

/** A CSS variable that a theme may set or use. */
export interface ThemeVariable {
  readonly name: string;
  readonly help: string;
  /** What the variable has to do with options, as a sentence; empty for nothing. */
  readonly detail: string;
}

/** The variables that options set, and those of the linked layout app's stylesheet that our page reads. */
export const THEME_VARIABLES: readonly ThemeVariable[] = [
  ...LAYOUT_OPTIONS.flatMap(({ cssVariable, key, help }) =>
    cssVariable ? [{ name: cssVariable, help, detail: `The option ${key} sets it.` }] : [],
  ),
  ...LINKED_VARIABLES.map(({ name, help, options }) => ({
    name,
    help,
    detail: options.length === 0 ? '' : `These options win over it: ${options.join(', ')}`,
  })),
];
