/** What `import … from 'call-compositor/client'` provides: the client of the recording API, which also runs in browsers. */
export type {
  Recording,
  RecordingPage,
  RecordingWithEvents,
  RecordState,
} from '../../../shared/api/recordingReply.ts';
export type { ListQuery, PauseRecording, RecordingChange } from '../../../shared/api/recordingRequests.ts';
export type { StartRecording } from '../../../shared/api/startRecording.ts';
export type { WorkerReply } from '../../../shared/api/workerReply.ts';
export { CompositorError } from './compositorError.ts';
export { type Client, type ClientOptions, createClient } from './createClient.ts';
export type { Credentials } from './tokens.ts';
export type { WatchedEvent, WatchOptions } from './watchEvents.ts';
