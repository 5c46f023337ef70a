import { randomUUID } from 'node:crypto';
import { InvalidRequestError } from '../../shared/request/parseRecordingRequest.ts';
import { JOB_NAME } from '../job/queue.ts';
import { checkRecordingJob, type RecordingJob } from './checkRecordingJob.ts';
import { recordingIdProblem } from './recordingIdProblem.ts';

/** The part of a queue that is used here. A BullMQ `Queue` fits. */
export interface JobQueue {
  add(name: string, job: RecordingJob, options: { jobId: string; attempts?: number }): Promise<unknown>;
}

/**
 * Puts a recording on the queue and resolves to its id, by which it can be followed and stopped.
 * `recordingId` is a new UUID unless it is given. `attempts` is how often the job is tried in all, and is 1
 * unless it is given. Throws InvalidRequestError, before anything is queued, if the job or the id is not
 * valid.
 */
export async function enqueueRecording(
  queue: JobQueue,
  job: RecordingJob,
  options: { readonly recordingId?: string; readonly attempts?: number } = {},
): Promise<string> {
  const { recordingId = randomUUID(), attempts } = options;
  checkRecordingJob(job);
  const message = recordingIdProblem(recordingId);
  if (message !== null) throw new InvalidRequestError([{ path: 'recordingId', message }]);
  await queue.add(JOB_NAME, job, { jobId: recordingId, ...(attempts === undefined ? {} : { attempts }) });
  return recordingId;
}
