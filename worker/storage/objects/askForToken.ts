import { askStore } from './askStore.ts';
import type { Token } from './keepToken.ts';
import type { RequestHead } from './openRequest.ts';
import { StoreError } from './storeErrors.ts';

/** For the whole answer, which an upload waits for. */
const LIMIT_MS = 20_000;
/** A token has some kilobytes. */
const MOST_BYTES = 1024 * 1024;

/**
 * Gets a token of OAuth 2.0. A refusal counts as one of the store with 401: it may pass, because a secret can be renewed
 * and a clock can be set. https://datatracker.ietf.org/doc/html/rfc6749#section-5
 */
export async function askForToken(
  form: Readonly<Record<string, string>>,
  where: Pick<RequestHead, 'url' | 'agents' | 'signal'>,
): Promise<Token> {
  const request = {
    ...where,
    signal: AbortSignal.any([where.signal, AbortSignal.timeout(LIMIT_MS)]),
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(new URLSearchParams(form).toString()),
    idleLimitMs: LIMIT_MS,
  };
  const { bytes } = await askStore(request, MOST_BYTES).catch((error) => {
    if (!(error instanceof StoreError) || error.status >= 500 || error.status === 429) throw error;
    const { code, message } = error;
    throw new StoreError({ status: 401, code, message }, { cause: error });
  });
  return tokenIn(bytes);
}

/** No message quotes what was answered, which may hold a token. */
function tokenIn(bytes: Buffer): Token {
  const { access_token: text, expires_in: forS } = jsonIn(bytes);
  if (typeof text === 'string' && text !== '') return { text, expiresAtMs: Date.now() + Number(forS) * 1000 };
  throw new StoreError({
    ...{ status: 401, code: 'NoToken', message: 'the address of tokens has answered with something else' },
  });
}

function jsonIn(bytes: Buffer): { readonly access_token?: unknown; readonly expires_in?: unknown } {
  try {
    return Object(JSON.parse(bytes.toString('utf8')));
  } catch {
    return {};
  }
}
