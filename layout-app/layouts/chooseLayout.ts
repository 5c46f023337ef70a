import type { LayoutName } from '../../shared/layout/layoutNames.ts';
import { LAYOUT_OPTIONS } from '../../shared/layout/layoutOptions.ts';
import type { GivenOptions } from '../../shared/layout/parseLayoutOptions.ts';
import {
  defaultOf,
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

/**
 * The layout and options that hold now. The layout, first that applies wins:
 *  1. while a screen is shared: a matching custom action that ignores that, custom_screen_share_layout_override,
 *     then screenshare_layout (single_participant, which has none, stays what it is: it shows the screen),
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
  const fitting = name === usual ? given : withoutMeantFor(usual, name, given);
  return { name, given: fitting, options: resolveLayoutOptions(name, fitting) };
}

/** An action may set an option back to its default, with null. */
function withoutResets(given: GivenOptions): GivenOptions {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

function screenShareLayout(usual: LayoutName, given: GivenOptions): LayoutName {
  const override = layoutIn(given, 'custom_screen_share_layout_override');
  if (override) return override;
  if (usual === 'single_participant') return usual;
  return layoutIn(resolveLayoutOptions(usual, given), 'screenshare_layout') ?? usual;
}

/** The layout that an option of this kind names. */
function layoutIn(given: GivenOptions | ResolvedLayoutOptions, key: string): LayoutName | undefined {
  return given[key] as LayoutName | undefined;
}

/**
 * The options without those that mean something else in the layout that is shown, as their defaults do: 90 % of a grid
 * are its tiles, 20 % of a spotlight are its bar. What has no meaning in the usual layout was given for another one.
 */
function withoutMeantFor(usual: LayoutName, shown: LayoutName, given: GivenOptions): GivenOptions {
  const differing = LAYOUT_OPTIONS.filter(
    (option) => option.layouts.includes(usual) && defaultOf(option, usual) !== defaultOf(option, shown),
  ).map(({ key }) => key);
  return Object.fromEntries(Object.entries(given).filter(([key]) => !differing.includes(key)));
}
