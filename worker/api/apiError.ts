/** Every answer that is an error, as the recording API numbers them, with its HTTP status. */
const KINDS = {
  bad_input: { code: 4, status: 400 },
  too_large: { code: 4, status: 413 },
  bad_key: { code: 2, status: 401 },
  bad_token: { code: 5, status: 401 },
  token_expired: { code: 40, status: 401 },
  token_not_yet_valid: { code: 41, status: 401 },
  token_issued_later: { code: 42, status: 401 },
  bad_signature: { code: 43, status: 401 },
  not_allowed: { code: 17, status: 403 },
  not_found: { code: 16, status: 404 },
  failed_precondition: { code: 4, status: 412 },
  too_many_requests: { code: 9, status: 429 },
  internal: { code: -1, status: 500 },
  not_built: { code: 4, status: 501 },
  unavailable: { code: -1, status: 503 },
} as const;

export type ApiErrorKind = keyof typeof KINDS;

/** A request that is refused, or cannot be carried out. Each family of paths writes it in its own shape. */
export class ApiError extends Error {
  readonly kind: ApiErrorKind;
  readonly code: number;
  readonly status: (typeof KINDS)[ApiErrorKind]['status'];
  /** What is wrong with each field, by its path. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(
    kind: ApiErrorKind,
    message: string,
    options: { fields?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'ApiError';
    this.kind = kind;
    this.code = KINDS[kind].code;
    this.status = KINDS[kind].status;
    this.fields = options.fields ?? {};
  }
}
