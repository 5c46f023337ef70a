import { unknownName } from '../request/nearestName.ts';
import type { CustomAction } from './customActions.ts';
import type { LayoutName } from './layoutNames.ts';
import { LAYOUT_OPTIONS, type LayoutOption } from './layoutOptions.ts';
import { type OptionValue, optionSchema } from './optionValue.ts';

/** Every newer key with its value: what was given, else the documented default, else null. */
export type ResolvedLayoutOptions = Readonly<Record<string, OptionValue | null>>;

export interface OptionProblem {
  readonly key: string;
  readonly message: string;
}

const BY_KEY = new Map(LAYOUT_OPTIONS.map((option) => [option.key, option]));
const KEYS = [...BY_KEY.keys()];

/** What is wrong with the given options: unknown keys with the nearest known one, values that do not fit. */
export function findOptionProblems(given: Readonly<Record<string, unknown>>): OptionProblem[] {
  return Object.entries(given).flatMap(([key, value]) => {
    const option = BY_KEY.get(key);
    if (!option) return [{ key, message: unknownName('layout option', key, KEYS) }];
    const parsed = optionSchema(option).safeParse(value);
    if (parsed.success)
      return key === 'custom_actions' ? findActionProblems(parsed.data as CustomAction[]) : [];
    const reasons = parsed.error.issues
      .map((issue) => issue.message.replace(/^Invalid/, 'invalid'))
      .join('; ');
    return [
      {
        key,
        message: `layout option "${key}": ${JSON.stringify(value)} ${reasons}`,
      },
    ];
  });
}

/** The same of the options that custom actions would set one day, in the middle of a call. */
function findActionProblems(actions: readonly CustomAction[]): OptionProblem[] {
  return actions.flatMap((action, at) =>
    action.action_type === 'options_override'
      ? findOptionProblems(action.options).map(({ key, message }) => ({
          key: `custom_actions.${at}.options.${key}`,
          message: `custom_actions[${at}]: ${message}`,
        }))
      : [],
  );
}

/** Given keys that the layout does not document, so they change nothing in it. */
export function findIdleOptions(layout: LayoutName, given: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(given).filter((key) => !BY_KEY.get(key)?.layouts.includes(layout));
}

/**
 * Resolves given options (already free of problems) for a layout, in this order, later wins:
 *  1. the documented default,
 *  2. an older key, through its alias; where two older keys mean one newer (radius and rounded), the later
 *     row of the table wins unless its value is its default,
 *  3. the newer key.
 */
export function resolveLayoutOptions(
  layout: LayoutName,
  given: Readonly<Record<string, unknown>>,
): ResolvedLayoutOptions {
  const resolved: Record<string, OptionValue | null> = {};
  for (const option of LAYOUT_OPTIONS) if (!option.alias) resolved[option.key] = defaultOf(option, layout);
  for (const { key, alias, ...option } of LAYOUT_OPTIONS) {
    if (!alias || given[key] === undefined) continue;
    const value = optionSchema(option).parse(given[key]) as OptionValue;
    const isRepeatedDefault =
      typeof value === 'boolean' && value === option.default && wasGivenByAnother(alias.key, key, given);
    if (!isRepeatedDefault) resolved[alias.key] = alias.translate(value);
  }
  for (const option of LAYOUT_OPTIONS) {
    if (option.alias || given[option.key] === undefined) continue;
    resolved[option.key] = optionSchema(option).parse(given[option.key]) as OptionValue;
  }
  return resolved;
}

/** The documented default of an option in a layout, or null where it has none there. */
export function defaultOf(option: LayoutOption, layout: LayoutName): OptionValue | null {
  const given = option.default;
  if (given === null || typeof given !== 'object') return given;
  return (given as Partial<Record<LayoutName, OptionValue>>)[layout] ?? null;
}

function wasGivenByAnother(
  newerKey: string,
  thanKey: string,
  given: Readonly<Record<string, unknown>>,
): boolean {
  return LAYOUT_OPTIONS.some(
    ({ key, alias }) => alias?.key === newerKey && key !== thanKey && given[key] !== undefined,
  );
}
