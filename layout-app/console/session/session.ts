import { decodeJwt, SignJWT } from 'jose';

/** Who is signed in, in this tab. The secret of an API key is never kept: only the token that was made with it. */
export interface Session {
  readonly apiKey: string;
  readonly token: string;
  /** A server may do everything; a viewer sees the same and changes nothing; a user may do what the server grants. */
  readonly role: 'server' | 'viewer' | 'user';
  readonly userId: string | null;
  /** null for a token that does not expire. */
  readonly expiresAtMs: number | null;
}

/** A working day, so that nobody is asked again in the middle of it. */
const TOKEN_HOLDS_S = 12 * 60 * 60;
const KEPT_AS = 'call-compositor:session';

/** Why a page cannot sign tokens: browsers have the means for it in secure contexts only. */
export const cannotSign = () => globalThis.crypto?.subtle === undefined;

/** A session with a token made here. Throws an Error where this browser cannot sign on this page. */
export async function sessionWithSecret(
  apiKey: string,
  secret: string,
  isReadOnly: boolean,
): Promise<Session> {
  if (cannotSign())
    throw new Error(
      'This page came over plain http, where browsers do not sign tokens. Open it over https, or sign in with a token.',
    );
  const token = await new SignJWT(isReadOnly ? { role: 'viewer' } : {})
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setExpirationTime(`${TOKEN_HOLDS_S}s`)
    .sign(new TextEncoder().encode(secret));
  return sessionWithToken(apiKey, token);
}

/** A session with a token that was made elsewhere. Throws an Error if it is none. */
export function sessionWithToken(apiKey: string, given: string): Session {
  const token = given.replace(/^Bearer\s+/i, '').trim();
  const claims = claimsOf(token);
  const userId = typeof claims.user_id === 'string' && claims.user_id !== '' ? claims.user_id : null;
  const role = userId !== null ? 'user' : claims.role === 'viewer' ? 'viewer' : 'server';
  return { apiKey, token, role, userId, expiresAtMs: claims.exp === undefined ? null : claims.exp * 1000 };
}

function claimsOf(token: string) {
  try {
    return decodeJwt(token);
  } catch {
    throw new Error('This is no token: a token is a JWT, three parts with dots between them.');
  }
}

/** The session that this tab has kept, or that this browser was told to keep; null if there is none that is valid. */
export function keptSession(nowMs = Date.now()): Session | null {
  for (const storage of [sessionStorage, localStorage]) {
    const text = storage.getItem(KEPT_AS);
    if (text === null) continue;
    try {
      const session = JSON.parse(text) as Session;
      if (session.expiresAtMs === null || session.expiresAtMs > nowMs) return session;
    } catch {
      // Not ours any more.
    }
    storage.removeItem(KEPT_AS);
  }
  return null;
}

/** Keeps a session for this tab, or for all tabs of this browser. */
export function keepSession(session: Session, isForBrowser: boolean): void {
  (isForBrowser ? localStorage : sessionStorage).setItem(KEPT_AS, JSON.stringify(session));
}

export function forgetSession(): void {
  sessionStorage.removeItem(KEPT_AS);
  localStorage.removeItem(KEPT_AS);
}
