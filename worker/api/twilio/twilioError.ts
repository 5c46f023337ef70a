import type { ApiError, ApiErrorKind } from '../apiError.ts';

/** Twilio's numbers for what is not simply wrong in a request. */
const CODES: Partial<Record<ApiErrorKind, number>> = {
  bad_key: 20003,
  bad_token: 20003,
  bad_signature: 20003,
  not_allowed: 20403,
  not_found: 20404,
  too_many_requests: 20429,
  internal: 20500,
  unavailable: 20503,
};
const INVALID = 20001;

/** An error as clients of Twilio read it. */
export function twilioError({ kind, message, status }: ApiError): Record<string, unknown> {
  return { code: CODES[kind] ?? INVALID, message, more_info: '', status };
}
