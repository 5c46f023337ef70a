import { UnrecoverableError } from 'bullmq';
import { expect, test } from 'vitest';
import type { RecordingResult } from '../../../../shared/events/recordingEvents.ts';
import { jobOutcome } from '../../../../worker/job/jobOutcome.ts';

const failed = (code: string) => ({ error: { code, message: 'why' } }) as unknown as RecordingResult;

function thrownBy(result: RecordingResult, hasMoreAttempts: boolean): Error {
  try {
    jobOutcome(result, hasMoreAttempts);
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

test('a result without an error is what the job returns', () => {
  const result = { error: null } as RecordingResult;
  expect(jobOutcome(result, true)).toBe(result);
});

test.each([
  ['page_crashed', true, true],
  ['page_crashed', false, false],
  ['invalid_request', true, false],
])('%s with more attempts: %s is tried again: %s', (code, hasMoreAttempts, isTriedAgain) => {
  const error = thrownBy(failed(code), hasMoreAttempts);
  expect(error.message).toBe(`${code}: why`);
  expect(error instanceof UnrecoverableError).toBe(!isTriedAgain);
});
