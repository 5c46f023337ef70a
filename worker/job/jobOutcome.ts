import { UnrecoverableError } from 'bullmq';
import { ERROR_CODES } from '../../shared/events/errorCodes.ts';
import type { RecordingResult } from '../../shared/events/recordingEvents.ts';

/**
 * Translates a finished recording for BullMQ: into a return value, or into an error. After the error the job
 * is tried again only if the same job may succeed and has attempts left. The message starts with the error
 * code, so that programs can read it in `failedReason`.
 */
export function jobOutcome(result: RecordingResult, mayTryAgain: boolean): RecordingResult {
  if (result.error === null) return result;
  const { code, message } = result.error;
  const text = `${code}: ${message}`;
  throw isTriedAgain(result, mayTryAgain) ? new Error(text) : new UnrecoverableError(text);
}

/** Whether the queue tries the job again after this result. */
export function isTriedAgain({ error }: RecordingResult, mayTryAgain: boolean): boolean {
  return error !== null && mayTryAgain && ERROR_CODES[error.code].retry;
}
