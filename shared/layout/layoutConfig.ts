import type { CallSource } from '../sources/callSource.ts';
import type { GivenOptions } from './parseLayoutOptions.ts';

/**
 * What the worker passes to `window.setupLayout(config)` after load. The names are those of the setupLayout
 * contract, so that layout apps written for it run unchanged; `source` is ours and tells our own layout app
 * where the call comes from.
 */
export interface LayoutConfig {
  readonly call_type: string;
  readonly call_id: string;
  readonly api_key: string;
  readonly token: string;
  readonly user_id: string;
  readonly base_url: string;
  /** `single-participant`, `grid` or `spotlight`. */
  readonly layout: string;
  readonly screenshare_layout: string;
  /** Address of the external stylesheet; empty where there is none. */
  readonly ext_css: string;
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
  readonly source: CallSource;
}

/** A simulated participant, in the form that the linked layout app's tests use. Only `sessionId` is required. */
export interface TestParticipant {
  readonly sessionId: string;
  readonly userId?: string;
  readonly name?: string;
  readonly image?: string;
  readonly roles?: readonly string[];
  /** Names of tracks, or their numbers in that app: 1 audio, 2 video, 3 screen share. Without it, audio and video. */
  readonly publishedTracks?: readonly (TrackName | 1 | 2 | 3)[];
  readonly isSpeaking?: boolean;
  readonly isDominantSpeaker?: boolean;
  readonly isPinned?: boolean;
  /** Ours: the address of a video that is played in a loop as their camera. Without it, a camera picture is drawn. */
  readonly video?: string;
  /** Ours: the shapes of the pictures that are drawn for them, as width divided by height. The default is 16/9. */
  readonly cameraAspect?: number;
  readonly screenAspect?: number;
}

export type TrackName = 'audio' | 'video' | 'screen_share';
