import type { TestParticipant } from '../../shared/layout/layoutConfig.ts';
import type { LayoutOption } from '../../shared/layout/layoutOptions.ts';
import { sceneOf } from './scene.ts';

export type Options = Readonly<Record<string, unknown>>;

/** How an option is tried where any scene will not do. */
export interface Trial {
  readonly people?: readonly TestParticipant[];
  /** Options without which this one has nothing to act on. */
  readonly beside?: Options;
  readonly values?: readonly unknown[];
}

/** A picture that is nowhere but in its address. */
export const PICTURE = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60"><rect width="120" height="60" rx="9" fill="orange"/></svg>',
)}`;

export const PEOPLE = sceneOf(7, { more: { 1: { publishedTracks: ['audio'] }, 2: { roles: ['guest'] } } });
const SHARING = sceneOf(4, { sharing: 1 });
const CROWD = sceneOf(30);
const action = (options: object) => [
  { action_type: 'options_override', options, condition: { participant_count: { $gt: 1 } } },
];

/** How an option is tried. */
export function trialOf({ key, kind, values }: LayoutOption): Trial {
  const special = TRIALS[key];
  return { people: PEOPLE, values: values ?? VALUES[kind] ?? [], ...special };
}

const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  color: ['rgb(1, 2, 3)', '#fff8'],
  length: ['33px', '3rem', 21, 'calc(2rem + 3px)'],
  length_pair: ['33px', '3rem', 21, '12px 34px'],
  corners: ['33px', '3rem', 21, '12px 34px'],
  boolean: [true, false],
  boolean_or_length: [false, '7px'],
  number: [0, 2.5, '34px'],
  percentage: [50, 71],
  text: ['Another title'],
  ratio: ['1/1', '9/16', '1'],
};

const TRIALS: Readonly<Record<string, Trial>> = {
  'video.screenshare_scale_mode': { people: SHARING },
  // The first one speaks. That nobody gets anywhere by speaking with the priority `pin` is seen as time goes by, in the unit tests.
  'layout.priority': {
    people: sceneOf(4, { more: { 2: { isPinned: true } } }),
    beside: { 'layout.grid.page_size': 1 },
    values: ['speaker'],
  },
  'logo.image_url': { values: [PICTURE] },
  'participant.placeholder_background_color': {
    people: sceneOf(3).map((one) => ({ ...one, publishedTracks: [] })),
  },
  'participant.filter': {
    people: sceneOf(3, { more: { 0: { publishedTracks: ['audio'] }, 2: { roles: ['guest'] } } }),
    values: [{ roles: { $contains: 'guest' } }, { $not: { hasVideo: false } }],
  },
  'layout.background_image': {
    values: [PICTURE, 'linear-gradient(red, blue)', `linear-gradient(red, transparent), url("${PICTURE}")`],
  },
  'layout.background_size': { values: ['contain', '50% auto'] },
  'layout.background_position': { values: ['top left', '10px calc(50% - 1rem)'] },
  'layout.background_repeat': { values: ['repeat', 'repeat-x'] },
  screenshare_layout: { people: SHARING, values: ['grid', 'spotlight', 'sidebar', 'single-participant'] },
  'grid.screenshare_layout': {
    people: SHARING,
    values: ['grid', 'spotlight', 'sidebar', 'single-participant'],
  },
  custom_layout_override: { values: ['grid', 'spotlight', 'sidebar', 'single_participant'] },
  custom_screen_share_layout_override: {
    people: SHARING,
    values: ['grid', 'spotlight', 'sidebar', 'single_participant'],
  },
  custom_actions: { values: [action({ 'title.text': 'More than one' })] },
  'grid.rows': { people: CROWD, values: [2, 3] },
  'grid.columns': { people: CROWD, values: [3, 4] },
  'layout.grid.page_size': { people: CROWD, values: [3, 12] },
  'layout.grid.expand_tiles': { people: sceneOf(5) },
  'layout.single-participant.presenter_visible': { people: SHARING },
  'layout.spotlight.participants_bar_limit': { people: CROWD, values: [0, 2, 'dynamic'] },
};
