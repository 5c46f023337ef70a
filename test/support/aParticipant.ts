import type { CallParticipant } from '../../layout-app/call/call.ts';

/** Returns a silent participant with camera and microphone on, changed by what is given. */
export function aParticipant(id: string, more: Partial<CallParticipant> = {}): CallParticipant {
  return {
    id,
    userId: id,
    name: id,
    imageUrl: null,
    roles: [],
    joinedAtMs: 0,
    hasVideo: true,
    hasAudio: true,
    hasScreenShare: false,
    isMuted: false,
    isSpeaking: false,
    isDominantSpeaker: false,
    isPinned: false,
    camera: null,
    screenShare: null,
    audio: [],
    ...more,
  };
}
