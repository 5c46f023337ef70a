import type { Quality } from '../../shared/encoding/encodingProfile.ts';
import type { LayoutConfig, TestParticipant, TrackName } from '../../shared/layout/layoutConfig.ts';
import { contractLayoutName, type LayoutName } from '../../shared/layout/layoutNames.ts';
import { demoName } from '../call/demo/demoNames.ts';

/** What somebody in the simulated call does. If nothing is given, camera and microphone are on. */
export interface StudioPerson {
  readonly isSpeaking?: boolean;
  readonly isSharing?: boolean;
  readonly isPinned?: boolean;
  readonly isMuted?: boolean;
  readonly isCameraOff?: boolean;
}

/** Shapes of cameras and of shared screens, as width divided by height. */
export const SHAPES = { '16:9': 16 / 9, '4:3': 4 / 3, '9:16': 9 / 16, '32:9': 32 / 9 } as const;
export type Shape = keyof typeof SHAPES;
/** `mixed` gives wide, classic and upright cameras in turn. */
export const CAMERA_SHAPES = ['16:9', '4:3', '9:16', 'mixed'] as const;
export const SCREEN_SHAPES = ['16:9', '4:3', '32:9', '9:16'] as const;
const MIXED: readonly Shape[] = ['16:9', '9:16', '4:3'];

/** Everything that somebody has chosen in the studio. A link holds all of it. */
export interface StudioState {
  readonly layout: LayoutName;
  readonly quality: Quality;
  readonly people: readonly StudioPerson[];
  readonly cameras: (typeof CAMERA_SHAPES)[number];
  readonly screens: (typeof SCREEN_SHAPES)[number];
  readonly options: Readonly<Record<string, unknown>>;
  /** The text of the theme. */
  readonly css: string;
  /** The address from which the job loads the theme; only the export uses it. */
  readonly cssUrl: string;
}

export const START: StudioState = {
  layout: 'spotlight',
  quality: '720p',
  people: [{ isSpeaking: true }, {}, { isMuted: true }, { isCameraOff: true }, {}],
  cameras: '16:9',
  screens: '16:9',
  options: {},
  css: '',
  cssUrl: '',
};

/** What the layout app is given to show a state. `cssAddress` is where the theme's text can be loaded from. */
export function configOf(state: StudioState, cssAddress: string): Partial<LayoutConfig> {
  return {
    layout: contractLayoutName(state.layout),
    ext_css: cssAddress,
    options: state.options,
    test_environment: {
      participants: state.people.map((person, index) => participantOf(person, index, state)),
    },
  };
}

function participantOf(
  person: StudioPerson,
  index: number,
  { cameras, screens }: StudioState,
): TestParticipant {
  const camera = cameras === 'mixed' ? (MIXED[index % MIXED.length] as Shape) : cameras;
  const tracks: (TrackName | false | undefined)[] = [
    !person.isMuted && 'audio',
    !person.isCameraOff && 'video',
    person.isSharing && 'screen_share',
  ];
  return {
    sessionId: `studio-${index}`,
    name: demoName(index),
    publishedTracks: tracks.filter((track): track is TrackName => Boolean(track)),
    isSpeaking: person.isSpeaking ?? false,
    isDominantSpeaker: person.isSpeaking ?? false,
    isPinned: person.isPinned ?? false,
    cameraAspect: SHAPES[camera],
    screenAspect: SHAPES[screens],
  };
}

/** As many people as wanted. Those who were there stay as they are; new ones have the defaults. */
export function withCount(people: readonly StudioPerson[], count: number): StudioPerson[] {
  return Array.from({ length: count }, (_, index) => people[index] ?? {});
}

/** A state as the fragment of an address. */
export function toFragment(state: StudioState): string {
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** The state that a fragment holds, or the first state if the fragment cannot be read. */
export function fromFragment(fragment: string): StudioState {
  try {
    const text = atob(fragment.replace(/^#/, '').replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    return { ...START, ...JSON.parse(new TextDecoder().decode(bytes)) };
  } catch {
    return START;
  }
}
