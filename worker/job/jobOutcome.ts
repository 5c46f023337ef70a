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
  throw mayTryAgain && ERROR_CODES[code].retry ? new Error(text) : new UnrecoverableError(text);
}
