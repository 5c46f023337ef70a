/** Who can mend it: whoever wrote the job, the call or its page, the storage, or whoever runs the worker. */
export type Blame = 'caller' | 'call' | 'destination' | 'worker';

interface ErrorKind {
  readonly blame: Blame;
  /** Whether the same job may succeed when tried again. */
  readonly retry: boolean;
  readonly help: string;
}

/** Every way a recording can fail: the whole vocabulary on one screen. */
// biome-ignore format: a table reads best with one row a line
export const ERROR_CODES = {
  invalid_request: { blame: 'caller', retry: false, help: 'The job does not fit the schema. Mend the named fields.' },
  private_url: { blame: 'caller', retry: false, help: 'An external address is private, loopback or cannot be resolved. Use a public one, or set COMPOSITOR_ALLOW_PRIVATE_URLS=1.' },
  page_unreachable: { blame: 'call', retry: true, help: 'The layout app could not be loaded. Check that its address answers.' },
  page_http_error: { blame: 'call', retry: true, help: 'The layout app answered with an HTTP status of 400 or more.' },
  page_error: { blame: 'call', retry: false, help: 'The layout app reported an error, or showed text in div.error.' },
  page_crashed: { blame: 'call', retry: true, help: 'The tab crashed. What was recorded until then is kept.' },
  page_blank: { blame: 'call', retry: true, help: 'The page lost all its content. What was recorded until then is kept.' },
  page_frozen: { blame: 'call', retry: true, help: 'The page stopped answering or painting. What was recorded until then is kept.' },
  page_left: { blame: 'call', retry: false, help: 'The tab went to another page. What was recorded until then is kept.' },
  call_refused: { blame: 'call', retry: false, help: 'The call server refused the token. Mint a new one with the right room and grants.' },
  call_unreachable: { blame: 'call', retry: true, help: 'The call server could not be reached from the worker.' },
  browser_missing: { blame: 'worker', retry: false, help: 'No usable Chromium or Chrome was found. Run: call-compositor doctor.' },
  browser_failed: { blame: 'worker', retry: true, help: 'The browser did not start, or ended on its own.' },
  capture_failed: { blame: 'worker', retry: true, help: 'The tab could not be captured or encoded.' },
  storage_failed: { blame: 'destination', retry: true, help: 'The recording could not be stored. Check the bucket, its credentials and free space.' },
  queue_unreachable: { blame: 'worker', retry: true, help: 'Redis could not be reached. Check REDIS_URL.' },
  internal: { blame: 'worker', retry: true, help: 'A fault in the worker. Please report it with the log.' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERROR_CODES;
