import { CompositorError, reasonOf } from './compositorError.ts';

/** How a client shows who it is: with a token that somebody has made, or with the secret of its API key. */
export type Credentials = {
  readonly apiKey: string;
} & (
  | {
      /**
       * A JWT, or what gets one: it is asked before each request. Where it throws, the request counts as not answered; what it
       * throws as a CompositorError counts as the answer.
       */
      readonly token: string | (() => string | Promise<string>);
    }
  | {
      /** Signs tokens that are valid for an hour. It belongs on servers, never into a page. */
      readonly secret: string;
      /** What the tokens claim besides: `{ role: 'viewer' }`, or a `user_id`. Without it, they are those of a server. */
      readonly claims?: Readonly<Record<string, unknown>>;
    }
);

const VALID_S = 60 * 60;
/** A token with less time left than this is not used any more, so that a stream of events does not end soon. */
const SHORTEST_LEFT_S = 30 * 60;

/** What gets the token for the next request. */
export function tokensOf(credentials: Credentials): () => Promise<string> {
  if ('token' in credentials) {
    const { token } = credentials;
    return async () => (typeof token === 'string' ? token : gotBy(token));
  }
  let made: { readonly token: Promise<string>; readonly expiresAtS: number } | null = null;
  return () => {
    const nowS = Math.floor(Date.now() / 1000);
    if (made === null || made.expiresAtS - nowS < SHORTEST_LEFT_S) {
      const expiresAtS = nowS + VALID_S;
      made = { token: signed(credentials.secret, { ...credentials.claims, exp: expiresAtS }), expiresAtS };
    }
    return made.token;
  };
}

/** Whoever gets tokens asks somebody for them, and that may fail for a while, as where the network is away. */
async function gotBy(getToken: () => string | Promise<string>): Promise<string> {
  try {
    return await getToken();
  } catch (cause) {
    if (cause instanceof CompositorError) throw cause;
    throw new CompositorError(`there is no token for the request: ${reasonOf(cause)}`, { cause });
  }
}

/** There is no `iat`, which a server whose clock is behind would refuse. A page with a token does not load jose. */
async function signed(secret: string, claims: Readonly<Record<string, unknown>>): Promise<string> {
  const { SignJWT } = await import('jose');
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(secret));
}
