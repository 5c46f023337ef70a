import type { ParsedRequest } from '../shared/request/parseRecordingRequest.ts';
import type { RecordingRequest } from '../shared/request/recordingRequest.ts';
import { secretsOf } from '../shared/request/secretsOf.ts';

const REDACTED = '[redacted]';

/** A shorter secret may be an ordinary word, or a part of many; it is only taken out where it is a value. */
const SHORTEST_UNMISTAKABLE = 8;

/** One whose secrets are not looked up yet has only those that are in the job. */
type Request = ParsedRequest | RecordingRequest;

/** Each request's patterns, made once: a page may write thousands of messages. */
const patternsOf = new WeakMap<Request, readonly RegExp[]>();

/**
 * Replaces every secret of a request in a text: servers and pages quote tokens in their errors. A secret is also found
 * where it is encoded for an address or escaped as JSON, wholly or in part.
 */
export function redactSecrets(text: string, request: Request): string {
  const patterns = patternsOf.get(request) ?? secretsOf(request).map(patternFor);
  patternsOf.set(request, patterns);
  return patterns.reduce((redacted, pattern) => redacted.replace(pattern, REDACTED), text);
}

function patternFor(secret: string): RegExp {
  const written = [...secret].map(waysToWrite).join('');
  if (secret.length >= SHORTEST_UNMISTAKABLE) return new RegExp(written, 'g');
  // After "=", ":" or a quote, or at the beginning; up to a sign that ends a value, and not as the name of one.
  const end = '(?=$|[\\s"\'`&,;#)}\\]\\\\@])(?!\\\\*["\']\\s*:)';
  return new RegExp(`(?<=^|[=:"'\`]|[=:] )${written}${end}`, 'g');
}

/** One character of a secret, as itself, percent-encoded once or twice, or escaped as JSON does. */
function waysToWrite(sign: string): string {
  if (/[a-z\d]/i.test(sign)) return sign;
  const bytes = [...new TextEncoder().encode(sign)].map((byte) => byte.toString(16).padStart(2, '0'));
  const percent = bytes.map((byte) => `%(?:25)?${inEitherCase(byte)}`).join('');
  const units = Array.from({ length: sign.length }, (_, at) =>
    sign.charCodeAt(at).toString(16).padStart(4, '0'),
  );
  const unicode = units.map((unit) => `\\\\+u${inEitherCase(unit)}`).join('');
  const escaped = JSON.stringify(sign).slice(1, -1);
  const ways = [sign, escaped, `\\${sign}`, JSON.stringify(escaped).slice(1, -1)].map(literally);
  if (sign === ' ') ways.push('\\+');
  return `(?:${[...new Set(ways)].sort(longestFirst).join('|')}|${percent}|${unicode})`;
}

function inEitherCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function longestFirst(one: string, other: string): number {
  return other.length - one.length;
}
