import type { ApiError, ApiErrorKind } from '../apiError.ts';

/** Every error in the words of Twirp. */
const CODES: Readonly<Record<ApiErrorKind, string>> = {
  bad_input: 'invalid_argument',
  too_large: 'invalid_argument',
  bad_key: 'unauthenticated',
  bad_token: 'unauthenticated',
  token_expired: 'unauthenticated',
  token_not_yet_valid: 'unauthenticated',
  token_issued_later: 'unauthenticated',
  bad_signature: 'unauthenticated',
  not_allowed: 'permission_denied',
  not_found: 'not_found',
  too_many_requests: 'resource_exhausted',
  failed_precondition: 'failed_precondition',
  internal: 'internal',
  not_built: 'unimplemented',
  unavailable: 'unavailable',
};

/** An error as clients of LiveKit read it. */
export function twirpError({ kind, message }: ApiError): Record<string, unknown> {
  return { code: CODES[kind], msg: message };
}
