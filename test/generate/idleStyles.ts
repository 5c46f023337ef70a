/** Names of the stylesheet of Stream's layout app that change nothing in our picture, and why. */
export interface IdleStyles {
  /** Names without the leading `--` of variables or dot of classes. A star stands for any letters. */
  readonly names: readonly string[];
  readonly reason: string;
}

const NO_CONTROLS = 'A recording has no buttons, menus, inputs, lists or dialogs.';
const UNUSED_THERE = 'The linked stylesheet declares it and uses it nowhere that a recording shows.';

export const IDLE_VARIABLES: readonly IdleStyles[] = [
  {
    names: ['str-video__button-*', 'str-video__composite-button*', 'str-video__icon-*'],
    reason: NO_CONTROLS,
  },
  { names: ['str-video__search-input*', 'str-video__tooltip*'], reason: NO_CONTROLS },
  {
    names: ['str-video__participant-list*', 'str-video__video-preview*', 'gap'],
    reason: NO_CONTROLS,
  },
  {
    names: ['str-video__avatar--*'],
    reason:
      'It styles faces in lists. Tiles without video take primary-color, text-color1 and border-radius-circle.',
  },
  {
    names: ['str-video__alert-*', 'str-video__danger-*', 'str-video__info-*'],
    reason: 'It colours notifications and badges, and a recording shows none.',
  },
  {
    names: ['str-video__audio-blocked-*', 'str-video__livestream-*', 'str-video__overlay-color', 'pip-cols'],
    reason: 'It belongs to layouts and overlays for viewers, which a recording does not have.',
  },
  {
    names: ['str-video__base-color1', 'str-video__base-color2', 'str-video__base-color4'],
    reason: NO_CONTROLS,
  },
  {
    names: ['str-video__base-color5', 'str-video__base-color7', 'str-video__background-color2'],
    reason: NO_CONTROLS,
  },
  {
    names: ['str-video__background-color7', 'str-video__border-radius-md', 'str-video__border-radius-lg'],
    reason: NO_CONTROLS,
  },
  {
    names: ['str-video__font-size-xxs', 'str-video__font-size-xl', 'str-video__brand-color*'],
    reason: NO_CONTROLS,
  },
  {
    names: [
      'str_video__brand-color6',
      'str-video__color1',
      'str-video__backdrop1',
      'str-video__secondary-color',
      'str-video__text-color3',
      'str-video__text-color4',
      'str-video__background-color3',
      'str-video__background-color6',
      'str-video__border-radius-xl',
      'str-video__border-radius-xxl',
    ],
    reason: UNUSED_THERE,
  },
];

export const IDLE_CLASSES: readonly IdleStyles[] = [
  {
    names: ['str-video__reaction', 'str-video__reaction__emoji'],
    reason: 'The source of a call tells us no reactions.',
  },
  {
    names: [
      'str-video__participant-details__name--audio-connecting',
      'str-video__participant-details__name--network-stats',
      'str-video__participant-details__name--pinned',
      'str-video__participant-details__name--track-paused',
      'str-video__participant-details__name--video-muted',
      'str-video__participant-details__connection-quality*',
    ],
    reason: "Stream's layout app shows no such sign in a recording either.",
  },
  {
    names: ['str-video__speaker-layout__participants-bar--button-*'],
    reason: 'The bar of a recording is not scrolled, so it has no buttons.',
  },
  {
    names: ['str-video__pip-*', 'str-video__livestream-*', 'str-video__screen-share-overlay*'],
    reason: 'It belongs to layouts and overlays for viewers, which a recording does not have.',
  },
  {
    names: [
      'spinner',
      'str-video__audio-*',
      'str-video__avatar*',
      'str-video__background-*',
      'str-video__button*',
      'str-video__call*',
      'str-video__composite-button*',
      'str-video__device-*',
      'str-video__dropdown*',
      'str-video__end-*',
      'str-video__generic-menu*',
      'str-video__icon*',
      'str-video__invite-*',
      'str-video__loading-*',
      'str-video__member_details',
      'str-video__menu-*',
      'str-video__no-media-permission',
      'str-video__notification*',
      'str-video__option*',
      'str-video__participant-avatar',
      'str-video__participant-list*',
      'str-video__pending-*',
      'str-video__permission-*',
      'str-video__portal*',
      'str-video__reactions-menu*',
      'str-video__refresh-*',
      'str-video__search-*',
      'str-video__speaker-test*',
      'str-video__speech-*',
      'str-video__system-muted',
      'str-video__text-button',
      'str-video__tooltip',
      'str-video__video-preview*',
    ],
    reason: NO_CONTROLS,
  },
];

/** Why a name has no effect; undefined if it is not listed. */
export function reasonOf(name: string, idle: readonly IdleStyles[]): string | undefined {
  return idle.find(({ names }) => names.some((one) => matches(name, one)))?.reason;
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
