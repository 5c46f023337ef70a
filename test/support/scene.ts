import type { TestParticipant, TrackName } from '../../shared/layout/layoutConfig.ts';

/** A scene with this many simulated people. The first one speaks, and `sharing` of them share a screen. */
export function sceneOf(
  count: number,
  {
    sharing = 0,
    more = {},
  }: { sharing?: number; more?: Readonly<Record<number, Partial<TestParticipant>>> } = {},
): TestParticipant[] {
  return Array.from({ length: count }, (_, index) => {
    const publishedTracks: TrackName[] = ['audio', 'video'];
    if (index < sharing) publishedTracks.push('screen_share');
    return {
      sessionId: `session-${index}`,
      userId: `user-${index}`,
      name: NAMES[index % NAMES.length] as string,
      publishedTracks,
      isSpeaking: index === 0,
      isDominantSpeaker: index === 0,
      ...more[index],
    };
  });
}

const NAMES = [
  'Ada Okafor',
  'Bo',
  'Maximiliana Wolfeschlegelsteinhausen',
  '田中 美咲',
  'ليلى الحسيني',
  'Zoë 🎉',
];

/** A LayoutConfig of a still scene. */
export function sceneConfig(
  layout: string,
  participants: readonly TestParticipant[],
  options: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
) {
  return { layout, options, ext_css: '', test_environment: { participants, is_still: true }, ...more };
}
