import type { RecordState } from '../api/recordingReply.ts';
import type { RecordingState } from './recordingState.ts';

/** What the API calls each state of a recording that its events tell. */
export const RECORD_STATE_OF: Readonly<Record<RecordingState, RecordState>> = {
  queued: 'queued',
  launching: 'starting',
  loading: 'starting',
  waiting: 'starting',
  recording: 'recording',
  paused: 'paused',
  finishing: 'stopping',
  ready: 'ready',
  failed: 'failed',
  absent: 'absent',
};
