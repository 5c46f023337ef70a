import type { StudioState } from './studioState.ts';

/** What every panel of the studio is given. */
export interface PanelProps {
  readonly state: StudioState;
  readonly change: (part: Partial<StudioState>) => void;
  /** The class that is looked at, and how to look at one. */
  readonly lookedAt: string | null;
  readonly lookAt: (className: string | null) => void;
}
