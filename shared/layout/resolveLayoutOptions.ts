import { type BuiltInTheme, builtInThemeIn, THEME_DEFAULTS } from './builtInThemes.ts';
import { LAYOUT_NAMES, type LayoutName } from './layoutNames.ts';
import { LAYOUT_OPTIONS, type LayoutOption } from './layoutOptions.ts';
import type { OptionValue } from './optionValue.ts';
import type { GivenOptions } from './parseLayoutOptions.ts';

/**
 * Every newer key with its value: what was given, else the default of the theme, else the documented
 * default, else null.
 */
export type ResolvedLayoutOptions = Readonly<Record<string, OptionValue | null>>;

const BY_KEY = new Map(LAYOUT_OPTIONS.map((option) => [option.key, option]));

const DEFAULTS = Object.fromEntries(
  LAYOUT_NAMES.map((layout) => [
    layout,
    Object.fromEntries(
      LAYOUT_OPTIONS.filter(({ alias }) => alias === undefined).map((option) => [
        option.key,
        defaultOf(option, layout),
      ]),
    ),
  ]),
) as Record<LayoutName, ResolvedLayoutOptions>;

/** The options that hold in a layout: its defaults with those of the chosen theme, and what was given instead of them. */
export function resolveLayoutOptions(layout: LayoutName, given: GivenOptions): ResolvedLayoutOptions {
  const resolved = { ...DEFAULTS[layout], ...THEME_DEFAULTS[builtInThemeIn(given)] };
  for (const [key, value] of Object.entries(given))
    if (value !== undefined && value !== null) resolved[key] = value;
  return resolved;
}

/** Keys on the wire that the layout does not document, so they change nothing in it. One without a value is not meant. */
export function findIdleOptions(
  layout: LayoutName,
  wireOptions: Readonly<Record<string, unknown>>,
): string[] {
  const meant = Object.entries(wireOptions).filter(([, value]) => value !== null && value !== '');
  return meant.flatMap(([key]) => (BY_KEY.get(key)?.layouts.includes(layout) ? [] : [key]));
}

/** The default of an option in a layout, with a theme or as it is documented, or null where it has none there. */
export function defaultOf(
  option: LayoutOption,
  layout: LayoutName,
  theme: BuiltInTheme = 'default',
): OptionValue | null {
  const given = THEME_DEFAULTS[theme][option.key] ?? option.default;
  if (given === null || typeof given !== 'object') return given;
  return (given as Partial<Record<LayoutName, OptionValue>>)[layout] ?? null;
}
