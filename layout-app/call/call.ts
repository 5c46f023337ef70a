/** Media that can be put on an element. The function that `attach` returns takes it off again. */
export interface MediaFeed {
  /** Changes whenever the media changes, so that it can be a React key. */
  readonly id: string;
  attach(element: HTMLMediaElement): () => void;
}

/** One person in the call, the recorder not included. An unchanged participant stays the same object. */
export interface CallParticipant {
  /** Stays the same as long as the person is in the call, also after a reconnection. */
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
  /** The microphone, and the sound of the shared screen. */
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
  /** The connection to the call is lost and is being made again; who was there is still shown. */
  readonly isInterrupted?: boolean;
}

/** The state of a call before it is joined. */
export const CONNECTING: CallSnapshot = { state: { name: 'connecting' }, participants: [] };

/** A call as the layouts see it, from any source. Whoever creates a Call joins the call with it. */
export interface Call {
  getSnapshot(): CallSnapshot;
  /** Calls back after each change, until the returned function is called. */
  subscribe(onChange: () => void): () => void;
}
