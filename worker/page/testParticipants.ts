import type { TestParticipant } from '../../shared/layout/layoutConfig.ts';

const AUDIO = 1;
const VIDEO = 2;
const EXCELLENT = 3;
/** So that their order by the time of joining is that of the list. In seconds since 1970. */
const FIRST_JOINED_S = 1_700_000_000;

/**
 * Simulated participants with every field that a participant of the linked layout app's SDK has, since apps read them
 * without asking whether they are there. Nobody is pinned, so `pin` is absent, as it is there.
 */
export function testParticipants(count: number): TestParticipant[] {
  return Array.from({ length: count }, (_, index) => {
    const isSpeaking = index === 0;
    return {
      userId: `demo-${index + 1}`,
      sessionId: `demo-${index + 1}`,
      name: `Participant ${index + 1}`,
      image: '',
      roles: ['user'],
      custom: { fields: {} },
      source: 0,
      trackLookupPrefix: `demo-${index + 1}`,
      joinedAt: { seconds: String(FIRST_JOINED_S + index), nanos: 0 },
      publishedTracks: [AUDIO, VIDEO],
      pausedTracks: [],
      interruptedTracks: [],
      connectionQuality: EXCELLENT,
      isSpeaking,
      isDominantSpeaker: isSpeaking,
      isLocalParticipant: false,
      audioLevel: isSpeaking ? 0.5 : 0,
      viewportVisibilityState: { videoTrack: 'UNKNOWN', screenShareTrack: 'UNKNOWN' },
    };
  });
}
