import type { IncomingHttpHeaders } from 'node:http';
import { StoreError } from './storeErrors.ts';

const LONGEST_CODE = 100;
const LONGEST_MESSAGE = 300;

/**
 * What an answer says is wrong, in XML as stores do or in JSON as those do that hand out tokens. Of its text, only code
 * and message are told: the rest may quote a signature.
 */
export function errorIn(answer: {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** What stands beside the status. */
  readonly reason: string;
  readonly text: string;
}): StoreError {
  const { status, headers, reason, text } = answer;
  const code = headers['x-ms-error-code'] ?? wordIn(text, 'Code', 'error') ?? reason;
  const redirect = status >= 300 && status < 400 ? 'it redirects, which is not followed' : null;
  const details = [wordIn(text, 'Message', 'error_description'), wordIn(text, 'Details')].filter(Boolean);
  const message = details.join(' ') || redirect || 'no reason given';
  return new StoreError({
    status,
    code: String(code).slice(0, LONGEST_CODE),
    message: message.slice(0, LONGEST_MESSAGE),
  });
}

/** The first line of an element, or of a text that a field holds. */
function wordIn(text: string, element: string, field?: string): string | null {
  const xml = new RegExp(`<${element}>([^<]*)</${element}>`).exec(text)?.[1];
  const json = field && new RegExp(`"${field}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)"`).exec(text)?.[1];
  return (xml ?? json)?.trim().split(/\\r|\\n|[\r\n]/)[0] ?? null;
}
