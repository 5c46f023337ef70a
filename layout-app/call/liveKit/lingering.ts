import type { CallParticipant } from '../call.ts';

/** Somebody whose connection broke keeps their place for this long. */
const LINGER_MS = 10_000;

/** People who lost their connection and may come back. They keep their place, without media, for a while. */
export function createLingering(onExpired: () => void) {
  const kept = new Map<string, CallParticipant>();
  return {
    people: (): CallParticipant[] => [...kept.values()],
    keep(person: CallParticipant): void {
      const absent = withoutMedia(person);
      kept.set(person.id, absent);
      setTimeout(() => {
        if (kept.get(person.id) !== absent) return;
        kept.delete(person.id);
        onExpired();
      }, LINGER_MS);
    },
    dropReturned(present: readonly CallParticipant[]): void {
      for (const { id } of present) kept.delete(id);
    },
  };
}

function withoutMedia(person: CallParticipant): CallParticipant {
  return {
    ...person,
    hasVideo: false,
    hasAudio: false,
    hasScreenShare: false,
    isMuted: true,
    isSpeaking: false,
    camera: null,
    screenShare: null,
    audio: [],
  };
}
