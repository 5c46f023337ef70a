import type { z } from 'zod';
import { parseRecordingRequest } from '../../shared/request/parseRecordingRequest.ts';
import type { RecordingJob as Schema } from '../../shared/request/recordingJob.ts';

/** A job as it is put on the queue, with the names used there. A field that has a default may be left out. */
export type RecordingJob = z.input<typeof Schema>;

/**
 * Returns the job unchanged if it fits the schema. Throws an InvalidRequestError that names every unknown key
 * (with the most similar known one) and every bad value, exactly as the worker would refuse it.
 */
export function checkRecordingJob(job: unknown): RecordingJob {
  parseRecordingRequest('check', job);
  return job as RecordingJob;
}
