import pRetry from 'p-retry';
import { CompositorError, errorOf, reasonOf } from './compositorError.ts';

/** What is asked of the API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`. */
  readonly path: string;
  /** Those that are undefined are left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: object;
  /** Gives the request up. */
  readonly signal?: AbortSignal | undefined;
}

/** Sends requests to one server. Both throw a CompositorError where a request is refused or not answered. */
export interface Sender {
  /** What `read` makes of the answer. Only what changes nothing is tried again. */
  send<Reply>(request: ApiRequest, read: (answer: Response) => Promise<Reply>): Promise<Reply>;
  /** The answer as soon as it begins. Its body may last for as long as it likes. */
  open(request: ApiRequest): Promise<Response>;
}

const ANSWER_LIMIT_MS = 30_000;
/** In all some 4 s: a server that is started anew is back by then. */
const RETRY = { retries: 4, minTimeout: 250, maxTimeout: 2_000 };
/** Whoever is asked to wait longer is told so. */
const LONGEST_RETRY_AFTER_S = 10;

export function createSender(given: {
  readonly url: string;
  readonly apiKey: string;
  readonly token: () => Promise<string>;
}): Sender {
  const base = baseOf(given.url);

  async function answer(request: ApiRequest, signal: AbortSignal): Promise<Response> {
    const { method, path, query = {}, body } = request;
    const address = new URL(`${base}${path}`);
    address.searchParams.set('api_key', given.apiKey);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) address.searchParams.set(name, String(value));
    const headers = { authorization: await given.token(), 'stream-auth-type': 'jwt' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const typed = body === undefined ? headers : { ...headers, 'content-type': 'application/json' };
    const response = await fetch(address, { method, headers: typed, ...sent, signal }).catch((cause) => {
      if (request.signal?.aborted) throw cause;
      throw new CompositorError(`no answer from ${address.origin}: ${reasonOf(cause)}`, { cause });
    });
    if (!response.ok) throw await errorOf(response);
    return response;
  }

  async function once<Reply>(
    request: ApiRequest,
    read: (answer: Response) => Promise<Reply>,
  ): Promise<Reply> {
    const limit = AbortSignal.timeout(ANSWER_LIMIT_MS);
    const signal = request.signal ? AbortSignal.any([limit, request.signal]) : limit;
    const response = await answer(request, signal);
    return read(response).catch((cause) => {
      if (request.signal?.aborted) throw cause;
      throw unreadable(cause, response, new URL(base).origin);
    });
  }

  return {
    send: (request, read) =>
      request.method === 'GET'
        ? pRetry(() => once(request, read), {
            ...RETRY,
            ...(request.signal ? { signal: request.signal } : {}),
            shouldRetry: ({ error }) => error instanceof CompositorError && error.isPassing && mayWait(error),
            onFailedAttempt: async ({ error }) => {
              if (error instanceof CompositorError && error.retryAfterS !== null && mayWait(error))
                await new Promise((resolve) => setTimeout(resolve, (error.retryAfterS ?? 0) * 1000));
            },
          })
        : once(request, read),
    open: async (request) => {
      const opening = new AbortController();
      const giveUp = () => opening.abort(new Error(`nothing came within ${ANSWER_LIMIT_MS / 1000} s`));
      const timer = setTimeout(giveUp, ANSWER_LIMIT_MS);
      const { signal } = opening;
      try {
        return await answer(request, request.signal ? AbortSignal.any([signal, request.signal]) : signal);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function mayWait({ retryAfterS }: CompositorError): boolean {
  return retryAfterS === null || retryAfterS <= LONGEST_RETRY_AFTER_S;
}

/** Throws a TypeError for what is no address, before the first request. */
function baseOf(url: string): string {
  const { protocol } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new TypeError(
      `the address of the server must begin with http: or https:, and not with ${protocol}`,
    );
  return `${url.replace(/\/+$/, '')}/api/v1`;
}

/** Why an answer that had begun cannot be read. One that is whole and no JSON is that of another kind of server. */
function unreadable(cause: unknown, { status }: Response, from: string): CompositorError {
  if (cause instanceof SyntaxError)
    return new CompositorError(`the answer from ${from} is no JSON; is that the address of the server?`, {
      status,
      cause,
    });
  return new CompositorError(`the answer from ${from} was cut: ${reasonOf(cause)}`, { cause });
}
