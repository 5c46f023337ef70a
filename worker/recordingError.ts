import type { ErrorCode } from '../shared/events/errorCodes.ts';

/**
 * Why a recording failed: a code of shared/events/errorCodes.ts, and a sentence for the person who reads it.
 */
export class RecordingError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'RecordingError';
    this.code = code;
  }
}

/**
 * Turns any thrown value into a RecordingError. One that is not a RecordingError yet gets the given code, and
 * keeps its message and cause.
 */
export function asRecordingError(thrown: unknown, code: ErrorCode = 'internal'): RecordingError {
  if (thrown instanceof RecordingError) return thrown;
  return new RecordingError(code, messageOf(thrown), { cause: thrown });
}

/** The message of any thrown value. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
