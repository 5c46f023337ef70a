import type {
  RecordingEvent,
  RecordingPause,
  RecordingProgress,
  RecordingResult,
} from '../../shared/events/recordingEvents.ts';
import type { RecordingState } from '../../shared/events/recordingState.ts';

/** What is known of a recording, while it runs and after the queue has deleted its job. */
export interface RecordingRecord {
  readonly recording_id: string;
  readonly call_cid: string;
  readonly state: RecordingState;
  readonly created_at: string;
  readonly updated_at: string;
  /** When its first picture was recorded; null before that. */
  readonly started_at: string | null;
  /** All of them so far. */
  readonly pauses: readonly RecordingPause[];
  readonly progress: RecordingProgress | null;
  readonly result: RecordingResult | null;
}

/** Keeps what recordings reported about themselves. */
export interface RecordStore {
  /** Adds one event to the record of its recording. */
  note(event: RecordingEvent): Promise<void>;
  /** null if no recording of this id has reported anything within the last days. */
  get(recordingId: string): Promise<RecordingRecord | null>;
  /** All events except progress, oldest first. */
  events(recordingId: string): Promise<RecordingEvent[]>;
  /** The newest first. */
  list(page: { readonly offset: number; readonly limit: number }): Promise<RecordingRecord[]>;
  /** Deletes a record and its events. */
  forget(recordingId: string): Promise<void>;
}

/** The state of a recording after an event; null if the event does not change it. */
export function stateAfter(event: RecordingEvent): RecordingState | null {
  switch (event.type) {
    case 'call.recording_phase':
      return event.phase;
    case 'call.recording_ready':
      return 'ready';
    case 'call.recording_failed':
      return 'failed';
    case 'call.recording_absent':
      return 'absent';
    default:
      return null;
  }
}
