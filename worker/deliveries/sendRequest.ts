import { type IncomingMessage, request as requestPlainly } from 'node:http';
import { request as requestSecurely } from 'node:https';
import type { GuardedAgents } from '../egress/guardedAgents.ts';
import { messageOf } from '../recordingError.ts';

const REQUEST_LIMIT_MS = 10_000;

export interface HookRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for a GET. */
  readonly body: string;
}

/**
 * Sends a request. Throws an Error if the receiver does not answer with a status of 200 to 299 within 10 s. Redirects are
 * not followed: they could lead anywhere. The message names no more of the address than its origin. The agents connect;
 * null stands for Node's own.
 */
export async function sendRequest(
  given: HookRequest,
  cancel: AbortSignal,
  agents: GuardedAgents | null,
): Promise<void> {
  const { origin } = new URL(given.url);
  const limit = AbortSignal.timeout(REQUEST_LIMIT_MS);
  const response = await answerTo(given, AbortSignal.any([limit, cancel]), agents).catch((error) => {
    const reason = limit.aborted ? `it did not answer within ${REQUEST_LIMIT_MS} ms` : reasonOf(error);
    throw new Error(`${origin} could not be reached: ${reason}`, { cause: error });
  });
  // Nothing in the answer is of use, and a body that is not read keeps its connection.
  response.destroy();
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return;
  const redirect = status >= 300 && status < 400 ? ', and redirects are not followed' : '';
  throw new Error(`${origin} answered with HTTP status ${status}${redirect}`);
}

/** Resolves once the answer has begun. */
function answerTo(
  { url, method, headers, body }: HookRequest,
  signal: AbortSignal,
  agents: GuardedAgents | null,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const isSecure = new URL(url).protocol === 'https:';
    const agent = isSecure ? agents?.httpsAgent : agents?.httpAgent;
    const request = (isSecure ? requestSecurely : requestPlainly)(url, {
      ...{ method, headers, signal },
      ...(agent ? { agent } : {}),
    });
    request.on('error', reject);
    request.on('response', (response) => {
      response.on('error', () => {}); // of a body that nobody reads
      resolve(response);
    });
    request.end(body);
  });
}

/** An error of several addresses that could not be reached has no message of its own. */
function reasonOf(error: unknown): string {
  return messageOf(error) || String((error as NodeJS.ErrnoException).code);
}
