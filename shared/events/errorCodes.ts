/**
 * Who can fix the error. caller: whoever wrote the job. call: whoever runs the call or the page that shows it.
 * destination: whoever runs the storage. worker: whoever runs the worker.
 */
export type Blame = 'caller' | 'call' | 'destination' | 'worker';

interface ErrorKind {
  readonly blame: Blame;
  /** Whether the same job may succeed when it is tried again. */
  readonly retry: boolean;
  /** What happened, and what to do about it; shown to people in the result and in docs/errors.md. */
  readonly help: string;
}

/** Every way in which a recording can fail. docs/errors.md is made from this table. */
// biome-ignore format: a table reads best with one row a line
export const ERROR_CODES = {
  invalid_request: { blame: 'caller', retry: false, help: 'The job does not fit the schema. Correct the fields that the message names.' },
  private_url: { blame: 'caller', retry: false, help: 'An address of the job, or one that the page was led to, is not public, or its host name cannot be resolved. Use a public address, or allow it on the worker with COMPOSITOR_ALLOW_HOSTS.' },
  tenant_limit: { blame: 'caller', retry: false, help: 'The tenant of the job has recorded as many minutes this month as it may. Wait for the next month, or have whoever runs the worker allow more (COMPOSITOR_TENANT_LIMITS).' },
  page_unreachable: { blame: 'call', retry: true, help: 'The layout app could not be loaded. Check that its address answers from the machine of the worker.' },
  page_http_error: { blame: 'call', retry: true, help: 'The layout app answered with an HTTP status of 400 or more. Check its address and its server.' },
  page_error: { blame: 'call', retry: false, help: 'The layout app reported an error, showed text in an element div.error, or ended the call with an error before it was ready. The message has the text.' },
  page_crashed: { blame: 'call', retry: true, help: 'The tab crashed. The recording holds what was recorded before. Check how much memory the page uses.' },
  page_blank: { blame: 'call', retry: true, help: 'The page lost its content, or never had any. The recording holds what was recorded before. The message says what happened and quotes the error of the page; the warnings and the log of the worker have its other errors.' },
  page_frozen: { blame: 'call', retry: true, help: 'The page stopped answering or painting. The recording holds what was recorded before. Look for endless loops in the page, or for a machine that is too busy.' },
  page_too_heavy: { blame: 'call', retry: false, help: 'The page used more memory, disk or processor time than a recording may. The recording holds what was recorded before. Look for what the page keeps or repeats; whoever runs the worker can allow more (COMPOSITOR_PAGE_MEMORY_MIB, COMPOSITOR_PAGE_DISK_MIB, COMPOSITOR_PAGE_CORES).' },
  page_left: { blame: 'call', retry: false, help: 'The tab went to another page. The recording holds what was recorded before. The layout app must stay on its page during the call.' },
  call_refused: { blame: 'call', retry: false, help: 'The call server refused the token. Create a new token with the right room and grants.' },
  call_unreachable: { blame: 'call', retry: true, help: 'The worker could not reach the call server. Check its address, and the network between the two.' },
  browser_missing: { blame: 'worker', retry: false, help: 'No usable Chromium or Chrome was found. Run the command "call-compositor doctor" on the machine of the worker.' },
  browser_failed: { blame: 'worker', retry: true, help: 'The browser did not start, or ended on its own. Check the memory of the machine, and the log of the worker.' },
  worker_lost: { blame: 'worker', retry: false, help: 'Several workers that recorded this job ended without a word, most likely for lack of memory. Check the memory of the machines, and the logs of the workers.' },
  capture_failed: { blame: 'worker', retry: true, help: 'The tab could not be captured or encoded. Check how busy the machine is, and the log of the worker.' },
  storage_failed: { blame: 'destination', retry: true, help: 'The recording could not be stored. Check the bucket or folder, the credentials and the free space.' },
  queue_unreachable: { blame: 'worker', retry: true, help: 'Redis could not be reached. Check REDIS_URL, and that Redis runs.' },
  internal: { blame: 'worker', retry: true, help: 'The worker has a fault. Please report it, with the log of the worker.' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERROR_CODES;
