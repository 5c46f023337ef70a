import type { CallSource } from './callSource.ts';

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
  /** Simulated participants, for pages that can render without a call. */
  readonly test_environment?: {
    readonly participants: readonly TestParticipant[];
  };
  readonly source: CallSource;
}

export interface TestParticipant {
  readonly userId: string;
  readonly name: string;
  readonly sessionId: string;
  readonly isSpeaking?: boolean;
  readonly isDominantSpeaker?: boolean;
}
