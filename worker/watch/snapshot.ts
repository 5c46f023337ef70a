import type { EndReason } from '../../shared/events/recordingEvents.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import type { CaptureState } from '../capture/captureState.ts';
import type { TabObservations } from './tabObservations.ts';
import type { Usage, UsageLimits } from './usage.ts';

/** All that a judge may look at. Times are milliseconds of one clock. */
export interface Snapshot {
  readonly nowMs: number;
  readonly tab: Readonly<TabObservations>;
  readonly capture: CaptureState;
  /** For how long the recorder page has told nothing; it tells its figures once a second. */
  readonly recorderUnheardForS: number;
  /** For how long the call has been recorded, by the clock and not by what the recorder page tells. */
  readonly recordedForS: number;
  readonly stopReason: EndReason | null;
  readonly limits: RecordingRequest['limits'];
  readonly usage: Usage;
  readonly usageLimits: UsageLimits;
}

/** Answers one question about a recording: has it ended, for this reason? Throws RecordingError where it has failed. */
export type Judge = (snapshot: Snapshot) => EndReason | null;
