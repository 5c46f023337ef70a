import { decodeJwt } from 'jose';
import { ApiError } from '../apiError.ts';

/** The token in a header Authorization, with or without "Bearer"; empty if there is none. */
export function tokenIn(authorization: string | undefined): string {
  return authorization?.replace(/^Bearer\s+/i, '').trim() ?? '';
}

/** A claim of a token that is not verified yet. Throws bad_token with this message if it is no JWT. */
export function unverifiedClaim(token: string, claim: string, message: string): unknown {
  try {
    return decodeJwt(token)[claim];
  } catch {
    throw new ApiError('bad_token', message);
  }
}
