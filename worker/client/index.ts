/** What `import … from 'call-compositor'` provides: the types of job, events and result, and a small client. */
export type { ErrorCode } from '../../shared/events/errorCodes.ts';
export type {
  EndReason,
  RecordedFile,
  RecordingEvent,
  RecordingFailure,
  RecordingProgress,
  RecordingResult,
  RecordingWarning,
} from '../../shared/events/recordingEvents.ts';
export type { RecordingState } from '../../shared/events/recordingState.ts';
export { InvalidRequestError, type RequestProblem } from '../../shared/request/parseRecordingRequest.ts';
export { followRecording } from '../job/followRecording.ts';
export { requestStop } from '../job/stopRequests.ts';
export * from './api/index.ts';
export { checkRecordingJob, type RecordingJob } from './checkRecordingJob.ts';
export { enqueueRecording, type JobQueue } from './enqueueRecording.ts';
