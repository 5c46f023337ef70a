import { unknownName } from '../wire/nearestName.ts';
import { quoted } from '../wire/quoted.ts';
import type { CustomAction } from './customActions.ts';
import { LAYOUT_OPTIONS, type LayoutOption } from './layoutOptions.ts';
import { type OptionKind, type OptionValue, optionSchema } from './optionValue.ts';

/**
 * Options as they were given, once checked and normalised: newer keys only, without defaults. Options inside custom
 * actions are in the same form; there, null means that the default holds instead of what the job gave.
 */
export type GivenOptions = Readonly<Record<string, OptionValue | null | undefined>>;

/** What is wrong with one option. */
export interface OptionProblem {
  readonly key: string;
  readonly message: string;
}

/** Options by their keys on the wire, each value checked and normalised, in either vocabulary. */
type CheckedOptions = Map<string, OptionValue>;

/** 0 of these is what a form leaves in a field that nobody filled in; the linked layout app takes its default then. */
const ZERO_IS_DEFAULT: readonly OptionKind[] = ['count', 'milliseconds', 'percentage'];

interface Checker {
  readonly option: LayoutOption;
  readonly schema: ReturnType<typeof optionSchema>;
}

const CHECKERS = new Map<string, Checker>(
  LAYOUT_OPTIONS.map((option) => [option.key, { option, schema: optionSchema(option) }]),
);
const KEYS = [...CHECKERS.keys()];
const ALIASES = LAYOUT_OPTIONS.filter(({ alias }) => alias !== undefined);

/** To look for the nearest known name takes time, and nobody reads a hundred such hints. */
const MOST_HINTS = 20;
/** How much is told of what is wrong in one value. */
const MOST_REASONS = 3;

/**
 * Reads layout options in either vocabulary. An empty text and null mean the default, as if the key were not there.
 * Problems are unknown keys, with the nearest known one, and values that do not fit; `options` has the others.
 */
export function parseLayoutOptions(given: Readonly<Record<string, unknown>>): {
  readonly options: GivenOptions;
  readonly problems: readonly OptionProblem[];
} {
  const problems: OptionProblem[] = [];
  const checked = checkOptions(given, problems);
  const actions = checked.get('custom_actions') as readonly CustomAction[] | undefined;
  if (actions) checked.set('custom_actions', parseActions(actions, checked, problems));
  return { options: translateOptions(checked), problems };
}

/** Checks each option by itself; what is wrong is added to the problems. */
function checkOptions(given: Readonly<Record<string, unknown>>, problems: OptionProblem[]): CheckedOptions {
  const checked: CheckedOptions = new Map();
  for (const [key, value] of Object.entries(given)) {
    const checker = CHECKERS.get(key);
    if (!checker) {
      const isHinted = problems.length < MOST_HINTS;
      const message = isHinted ? unknownName('layout option', key, KEYS) : 'unknown layout option';
      problems.push({ key, message });
      continue;
    }
    if (meansDefault(value, checker.option)) continue;
    const parsed = checker.schema.safeParse(value);
    if (parsed.success) checked.set(key, parsed.data as OptionValue);
    else {
      const reasons = parsed.error.issues.slice(0, MOST_REASONS).map(({ message }) => reasonOf(message));
      problems.push({ key, message: `layout option "${key}": ${quoted(value)} ${reasons.join('; ')}` });
    }
  }
  return checked;
}

function meansDefault(value: unknown, { kind }: LayoutOption): boolean {
  const isEmpty = value === undefined || value === null || value === '';
  return isEmpty || (value === 0 && ZERO_IS_DEFAULT.includes(kind));
}

function reasonOf(message: string): string {
  return message.replace(/^Invalid/, 'invalid');
}

/** Checks what custom actions would set one day, in the middle of a call, and brings it into the newer vocabulary. */
function parseActions(
  actions: readonly CustomAction[],
  jobOptions: CheckedOptions,
  problems: OptionProblem[],
): CustomAction[] {
  return actions.map((action, at) => {
    if (action.action_type !== 'options_override') return action;
    const found: OptionProblem[] = [];
    const checked = checkOptions(action.options, found);
    for (const { key, message } of found)
      problems.push({
        key: `custom_actions.${at}.options.${key}`,
        message: `custom_actions[${at}]: ${message}`,
      });
    const resets = resetsIn(action.options);
    // An action cannot bring in further actions, or take them away.
    checked.delete('custom_actions');
    delete resets.custom_actions;
    return { ...action, options: { ...resets, ...translateOptions(checked, jobOptions) } };
  });
}

/** What an action sets back to its default, by the newer keys. */
function resetsIn(given: Readonly<Record<string, unknown>>): Record<string, null> {
  const keys = Object.entries(given).flatMap(([key, value]) => {
    const option = CHECKERS.get(key)?.option;
    return option && meansDefault(value, option) ? [option.alias?.key ?? key] : [];
  });
  return Object.fromEntries(keys.map((key) => [key, null]));
}

/**
 * Brings options into the newer vocabulary, in this order, later wins:
 *  1. an older key, through its alias; where two older keys mean one newer (radius and rounded), the later row of the
 *     table wins unless it only repeats its default,
 *  2. the newer key.
 * An override is read together with what it overrides, since one of the two older keys may stand there.
 */
function translateOptions(checked: CheckedOptions, overridden: CheckedOptions = new Map()): GivenOptions {
  const translated: Record<string, OptionValue> = {};
  for (const { key, alias, ...option } of ALIASES) {
    if (!alias || !isMeant(alias.key, checked)) continue;
    const value = checked.get(key) ?? overridden.get(key);
    if (value === undefined) continue;
    const isRepeatedDefault =
      typeof value === 'boolean' &&
      value === option.default &&
      ALIASES.some(
        (other) =>
          other.key !== key &&
          other.alias?.key === alias.key &&
          (checked.has(other.key) || overridden.has(other.key)),
      );
    if (!isRepeatedDefault) translated[alias.key] = alias.translate(value);
  }
  for (const [key, value] of checked) if (!CHECKERS.get(key)?.option.alias) translated[key] = value;
  return translated;
}

/** Whether any older name of a newer key is among the options. */
function isMeant(newerKey: string, checked: CheckedOptions): boolean {
  return ALIASES.some(({ key, alias }) => alias?.key === newerKey && checked.has(key));
}
