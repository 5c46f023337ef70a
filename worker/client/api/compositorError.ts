/** Statuses with which a server says that the same request may succeed soon. */
const PASSING = [429, 500, 502, 503, 504];

/** A request that was refused, or that no server answered. */
export class CompositorError extends Error {
  override readonly name = 'CompositorError';
  /** As docs/api.md lists them; null where the answer has none, or there was no answer. */
  readonly code: number | null;
  /** The HTTP status; null where there was no answer. */
  readonly status: number | null;
  /** What is wrong with each field of the request, by its path. */
  readonly fields: Readonly<Record<string, string>>;
  /** After how many seconds to ask again; null where the server does not say. */
  readonly retryAfterS: number | null;

  constructor(
    message: string,
    given: {
      readonly code?: number | null;
      readonly status?: number | null;
      readonly fields?: Readonly<Record<string, string>>;
      readonly retryAfterS?: number | null;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: given.cause });
    this.code = given.code ?? null;
    this.status = given.status ?? null;
    this.fields = given.fields ?? {};
    this.retryAfterS = given.retryAfterS ?? null;
  }

  /** Whether the same request may succeed when it is sent again: no answer, too many requests, or a fault of the server. */
  get isPassing(): boolean {
    return this.status === null || PASSING.includes(this.status);
  }
}

/** Why nothing came. Node says "fetch failed", and why in the cause. */
export function reasonOf(error: unknown): string {
  const { message, cause } = (error ?? {}) as {
    message?: string;
    cause?: { message?: string; code?: string };
  };
  return cause?.message || cause?.code || message || String(error);
}

/** What an answer that is an error says. One that does not come from our server, but from a proxy, says little. */
export async function errorOf(response: Response): Promise<CompositorError> {
  const { status, headers } = response;
  const body = await response.json().catch(() => null);
  const told = (typeof body === 'object' && body !== null ? body : {}) as {
    code?: unknown;
    message?: unknown;
    exception_fields?: Record<string, string>;
  };
  const message = typeof told.message === 'string' ? told.message : `the server answered ${status}`;
  const after = Number(headers.get('retry-after') ?? Number.NaN);
  return new CompositorError(message, {
    status,
    code: typeof told.code === 'number' ? told.code : null,
    fields: told.exception_fields ?? {},
    retryAfterS: Number.isFinite(after) ? after : null,
  });
}
