import type { LayoutName } from '../../shared/layout/layoutNames.ts';
import { LAYOUT_OPTIONS } from '../../shared/layout/layoutOptions.ts';
import type { GivenOptions } from '../../shared/layout/parseLayoutOptions.ts';
import {
  type ResolvedLayoutOptions,
  resolveLayoutOptions,
} from '../../shared/layout/resolveLayoutOptions.ts';
import type { CallParticipant } from '../call/call.ts';
import { matchingActions } from './matchConditions.ts';

export interface ChosenLayout {
  readonly name: LayoutName;
  readonly given: GivenOptions;
  readonly options: ResolvedLayoutOptions;
}

/** Keys whose meaning differs by layout, as their defaults do: 20 % of a spotlight is its bar, not its grid. */
const PER_LAYOUT = new Set(
  LAYOUT_OPTIONS.filter((option) => option.default !== null && typeof option.default === 'object').map(
    (option) => option.key,
  ),
);

/**
 * The layout and options that hold now. The layout, first that applies wins:
 *  1. while a screen is shared: a matching custom action that ignores that, custom_screen_share_layout_override,
 *     then screenshare_layout (single_participant stays what it is: it shows the screen),
 *  2. the first matching custom action, 3. custom_layout_override, 4. the job's layout.
 */
export function chooseLayout(
  jobLayout: LayoutName,
  jobOptions: GivenOptions,
  people: readonly CallParticipant[],
): ChosenLayout {
  const actions = matchingActions(jobOptions.custom_actions, people);
  const override = actions.find((action) => action.action_type === 'layout_override');
  const overrides = actions.flatMap((action) =>
    action.action_type === 'options_override' ? [action.options as GivenOptions] : [],
  );
  const given = withoutResets(Object.assign({}, jobOptions, ...overrides));
  const usual = override?.layout ?? layoutIn(given, 'custom_layout_override') ?? jobLayout;
  const isShared = people.some((one) => one.hasScreenShare);
  const name = isShared && !override?.ignore_screenshare ? screenShareLayout(usual, given) : usual;
  const fitting = name === usual ? given : withoutPerLayout(given);
  return { name, given: fitting, options: resolveLayoutOptions(name, fitting) };
}

/** An action may set an option back to its default, with null. */
function withoutResets(given: GivenOptions): GivenOptions {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

function screenShareLayout(usual: LayoutName, given: GivenOptions): LayoutName {
  const override = layoutIn(given, 'custom_screen_share_layout_override');
  if (override) return override;
  return usual === 'single_participant' ? usual : (layoutIn(given, 'screenshare_layout') ?? 'spotlight');
}

/** The layout that an option of this kind names. */
function layoutIn(given: GivenOptions, key: string): LayoutName | undefined {
  return given[key] as LayoutName | undefined;
}

function withoutPerLayout(given: GivenOptions): GivenOptions {
  return Object.fromEntries(Object.entries(given).filter(([key]) => !PER_LAYOUT.has(key)));
}
