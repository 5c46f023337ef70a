import type { CallSource } from '../sources/callSource.ts';
import type { GivenOptions } from './parseLayoutOptions.ts';

/**
 * What the worker passes to `window.setupLayout(config)` after load. The names are those of the setupLayout
 * contract, so that layout apps written for it run unchanged; `source` is ours and tells our own layout app
 * where the call comes from. A field that the job does not give is absent, so that the page's own default applies.
 */
export interface LayoutConfig {
  readonly call_type: string;
  readonly call_id: string;
  readonly api_key?: string;
  readonly token?: string;
  readonly user_id?: string;
  readonly base_url?: string;
  /** How much the app writes to its log, in its own words, such as `debug`. */
  readonly log_level?: string;
  /** `single-participant`, `grid`, `spotlight`, `sidebar`, or a name that only an external layout app knows. */
  readonly layout?: string;
  readonly screenshare_layout?: string;
  /** Address of the external stylesheet. */
  readonly ext_css?: string;
  /** Layout options as the job gave them, in either vocabulary. */
  readonly options: Readonly<Record<string, unknown>>;
  /**
   * Ours, and only for our own layout app: the same options as parseLayoutOptions left them, which the page then takes
   * as they are. Without this field it parses `options`, once, when setupLayout is called.
   */
  readonly parsed_options?: GivenOptions;
  /** Simulated participants, for pages that can render without a call; ours does where there is no source. */
  readonly test_environment?: {
    readonly participants: readonly TestParticipant[];
    /** Ours: their pictures do not move, so that two screenshots of the same scene are alike. */
    readonly is_still?: boolean;
  };
  /** Absent where an external layout app joins the call by itself. */
  readonly source?: CallSource;
}

/**
 * A simulated participant: what the linked layout app's SDK knows of one (StreamVideoParticipant), apart from media
 * streams, and some fields of ours. Only `sessionId` is required; the worker gives all that a participant always has.
 */
export interface TestParticipant {
  readonly sessionId: string;
  readonly userId?: string;
  readonly name?: string;
  readonly image?: string;
  readonly roles?: readonly string[];
  /** Data of the app's own, as the SDK has it: `fields` with a value by each name. */
  readonly custom?: { readonly fields: Readonly<Record<string, unknown>> };
  /** How they joined: 0 by WebRTC, 1 by RTMP, 2 by WHIP, 3 by SIP, 4 by RTSP, 5 by SRT. */
  readonly source?: number;
  readonly trackLookupPrefix?: string;
  readonly joinedAt?: { readonly seconds: string; readonly nanos: number };
  /**
   * Names of tracks, or their numbers in that SDK: 1 audio, 2 video, 3 screen share, 4 its sound. Without it, audio and
   * video.
   */
  readonly publishedTracks?: readonly (TrackName | TrackNumber)[];
  readonly pausedTracks?: readonly TrackNumber[];
  readonly interruptedTracks?: readonly TrackNumber[];
  /** 0 unknown, 1 poor, 2 good, 3 excellent. */
  readonly connectionQuality?: number;
  readonly isSpeaking?: boolean;
  readonly isDominantSpeaker?: boolean;
  readonly isLocalParticipant?: boolean;
  /** From 0 to 1. */
  readonly audioLevel?: number;
  readonly audioVolume?: number;
  /** Where it is there, they are pinned. `pinnedAt` is in milliseconds since 1970. */
  readonly pin?: { readonly isLocalPin: boolean; readonly pinnedAt: number };
  readonly reaction?: { readonly type: string; readonly emoji_code?: string };
  readonly viewportVisibilityState?: { readonly videoTrack: string; readonly screenShareTrack: string };
  /** Ours: pinned, said in short. */
  readonly isPinned?: boolean;
  /** Ours: the address of a video that is played in a loop as their camera. Without it, a camera picture is drawn. */
  readonly video?: string;
  /** Ours: the shapes of the pictures that are drawn for them, as width divided by height. The default is 16/9. */
  readonly cameraAspect?: number;
  readonly screenAspect?: number;
}

export type TrackNumber = 1 | 2 | 3 | 4;
export type TrackName = 'audio' | 'video' | 'screen_share';
