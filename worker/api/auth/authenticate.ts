import { errors, type JWTPayload, jwtVerify } from 'jose';
import { ApiError } from '../apiError.ts';
import type { ApiConfig } from '../config/apiConfig.ts';
import { ownerOfKey } from './ownerOfKey.ts';
import type { Principal } from './principal.ts';
import { tokenIn } from './readToken.ts';

/** The claim `role` of a token without a user that may only read. */
const VIEWER = 'viewer';

/**
 * All that a token without a user may claim. One that claims more was signed with this secret for something else: to join
 * a room, to show who sends a webhook, or for a user whose name was left out.
 */
const CLAIMS_OF_SERVERS: readonly string[] = ['server', 'role', 'exp', 'iat', 'nbf', 'iss', 'jti'];

/** What a request says of its sender. */
export interface Credentials {
  readonly apiKey: string | undefined;
  /** The header Authorization, with or without "Bearer". */
  readonly authorization: string | undefined;
  /** The header stream-auth-type. */
  readonly authType: string | undefined;
}

/**
 * Says who sends a request. A token is valid where it is signed (HS256) with the secret of the API key; one that names
 * no user is a server's, or that of a viewer where its role says so, and must claim nothing that servers do not. Throws an
 * ApiError that says what is wrong; it quotes neither key nor token.
 */
export async function authenticate(
  { apiKey, authorization, authType }: Credentials,
  { tenants, clock_leeway_s }: Pick<ApiConfig, 'tenants' | 'clock_leeway_s'>,
  now: Date,
): Promise<Principal> {
  if (!apiKey) throw new ApiError('bad_key', 'api_key is missing: name it in the query');
  const owner = ownerOfKey(tenants, apiKey);
  if (owner === null) throw new ApiError('bad_key', 'the api_key is not known here');
  const { tenant, secret } = owner;
  if (authType === 'anonymous')
    return { tenant, apiKey, kind: 'anonymous', userId: null, role: null, calls: null };
  const token = tokenIn(authorization);
  if (!token) throw new ApiError('bad_token', 'the header Authorization is missing: it must hold a token');
  const claims = await verifyToken(token, secret, clock_leeway_s, now);
  return { tenant, apiKey, ...holderOf(claims) };
}

/** What a token claims, if it is signed with the secret and valid now. Throws an ApiError. */
export async function verifyToken(
  token: string,
  secret: string,
  leewayS: number,
  now: Date,
): Promise<JWTPayload> {
  try {
    const key = new TextEncoder().encode(secret);
    const checks = { algorithms: ['HS256'], clockTolerance: leewayS, currentDate: now };
    const { payload } = await jwtVerify(token, key, checks);
    if (payload.iat !== undefined && payload.iat > now.getTime() / 1000 + leewayS)
      throw new ApiError('token_issued_later', 'the token was issued in the future (iat): check the clocks');
    return payload;
  } catch (error) {
    throw error instanceof ApiError ? error : refusalOf(error);
  }
}

function refusalOf(error: unknown): ApiError {
  if (error instanceof errors.JWTExpired) return new ApiError('token_expired', 'the token has expired (exp)');
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return new ApiError(
      'bad_signature',
      'the signature of the token is not made with the secret of this api_key',
    );
  if (
    error instanceof errors.JWTClaimValidationFailed &&
    error.claim === 'nbf' &&
    error.reason === 'check_failed'
  )
    return new ApiError('token_not_yet_valid', 'the token is not valid yet (nbf)');
  return new ApiError('bad_token', 'the token cannot be read: it must be a JWT signed with HS256');
}

function holderOf(claims: JWTPayload): Pick<Principal, 'kind' | 'userId' | 'role' | 'calls'> {
  const { user_id: userId, role, call_cids: cids } = claims;
  if (userId === undefined || userId === null || userId === '') {
    checkIsOfServer(claims);
    return { kind: role === VIEWER ? 'viewer' : 'server', userId: null, role: null, calls: null };
  }
  if (typeof userId !== 'string')
    throw new ApiError('bad_token', 'the claim user_id of the token is not a text');
  const isList = Array.isArray(cids) && cids.every((cid) => typeof cid === 'string');
  if (cids != null && !isList)
    throw new ApiError('bad_token', 'the claim call_cids of the token is not a list of texts');
  return { kind: 'user', userId, role: typeof role === 'string' ? role : null, calls: isList ? cids : null };
}

/** Throws bad_token if a token without a user is for something else than this API. */
function checkIsOfServer(claims: JWTPayload): void {
  const other = Object.keys(claims).find((claim) => !CLAIMS_OF_SERVERS.includes(claim));
  if (other === undefined) return;
  const allowed = CLAIMS_OF_SERVERS.join(', ');
  throw new ApiError(
    'bad_token',
    `the token names no user, and its claim "${other.slice(0, 64)}" is none of a server's token: sign one that claims nothing, or nothing but ${allowed}`,
  );
}
