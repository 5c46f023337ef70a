/** Media that can be put on an element; the returned function takes it off again. */
export interface MediaFeed {
  /** Changes when the media behind it does, so that it can be a React key. */
  readonly id: string;
  attach(element: HTMLMediaElement): () => void;
}

/** One person in the call, the recorder not included. An unchanged participant stays the same object. */
export interface CallParticipant {
  /** Lasts as long as the person does: a reconnection keeps it. */
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly imageUrl: string | null;
  readonly roles: readonly string[];
  /** In milliseconds since the epoch. */
  readonly joinedAtMs: number;
  /** Whether a camera is on; its feed may follow a moment later. */
  readonly hasVideo: boolean;
  readonly hasAudio: boolean;
  readonly hasScreenShare: boolean;
  readonly isMuted: boolean;
  readonly isSpeaking: boolean;
  readonly isDominantSpeaker: boolean;
  readonly isPinned: boolean;
  readonly camera: MediaFeed | null;
  readonly screenShare: MediaFeed | null;
  /** Microphone and the sound of the shared screen. */
  readonly audio: readonly MediaFeed[];
}

export type CallState =
  | { readonly name: 'connecting' }
  | { readonly name: 'joined' }
  | { readonly name: 'ended' }
  | {
      readonly name: 'failed';
      readonly code: 'call_refused' | 'call_unreachable';
      readonly message: string;
    };

export interface CallSnapshot {
  readonly state: CallState;
  readonly participants: readonly CallParticipant[];
}

/** What a call is before it is joined. */
export const CONNECTING: CallSnapshot = { state: { name: 'connecting' }, participants: [] };

/** A call as the layouts see it, wherever it comes from. It is joined when made. */
export interface Call {
  getSnapshot(): CallSnapshot;
  /** Calls back after each change, until the returned function is called. */
  subscribe(onChange: () => void): () => void;
}
