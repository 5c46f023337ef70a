import type { ParsedRequest } from '../shared/request/parseRecordingRequest.ts';
import type { RecordingRequest } from '../shared/request/recordingRequest.ts';
import { secretsOf } from '../shared/request/secretsOf.ts';

const REDACTED = '[redacted]';
const SEVERAL = /(?:\[redacted\]){2,}/g;

/** A shorter secret may be an ordinary word, or a part of many; it is only taken out where it is a value. */
const SHORTEST_UNMISTAKABLE = 8;

/**
 * A longer secret is looked for in parts of this many characters: the time that a pattern takes grows faster than its
 * length, and the longest ones are refused.
 */
const LONGEST_PART = 100;

/** One whose secrets are not looked up yet has only those that are in the job. */
type Request = ParsedRequest | RecordingRequest;

/** Each request's patterns, made once: a page may write thousands of messages. */
const patternsOf = new WeakMap<Request, readonly RegExp[]>();

/**
 * Replaces every secret of a request in a text: servers and pages quote tokens in their errors. A secret is also found
 * where it is encoded for an address or escaped as JSON, wholly or in part.
 */
export function redactSecrets(text: string, request: Request): string {
  const patterns = patternsOf.get(request) ?? secretsOf(request).flatMap(partsOf).map(patternFor);
  patternsOf.set(request, patterns);
  const redacted = patterns.reduce((left, pattern) => left.replace(pattern, REDACTED), text);
  return redacted.replaceAll(SEVERAL, REDACTED);
}

/** The parts of a secret, all of about the same length, so that none is so short that it may be an ordinary word. */
function partsOf(secret: string): string[] {
  const signs = [...secret];
  const parts = Math.ceil(signs.length / LONGEST_PART);
  const at = (part: number) => Math.round((part * signs.length) / parts);
  return Array.from({ length: parts }, (_, part) => signs.slice(at(part), at(part + 1)).join(''));
}

function patternFor(secret: string): RegExp {
  const written = (secret.match(BACKSLASHES_OR_SIGN) ?? []).map(waysToWrite).join('');
  if (secret.length >= SHORTEST_UNMISTAKABLE) return new RegExp(written, 'g');
  // After "=", ":" or a quote, or at the beginning; up to a sign that ends a value, and not as the name of one.
  const end = '(?=$|[\\s"\'`&,;#)}\\]\\\\@])(?!\\\\*["\']\\s*:)';
  return new RegExp(`(?<=^|[=:"'\`]|[=:] )${written}${end}`, 'g');
}

/** Several backslashes are one sign: how many of them stand for how many could be read in too many ways. */
const BACKSLASHES_OR_SIGN = /\\+|[^\\]/gsu;

/** One character of a secret, as itself, percent-encoded once or twice, or escaped as JSON does. */
function waysToWrite(sign: string): string {
  if (/[a-z\d]/i.test(sign)) return sign;
  if (sign.startsWith('\\'))
    return `(?:\\\\{${sign.length},}|(?:%(?:25)?5[cC]){${sign.length}}|(?:\\\\+u005[cC]){${sign.length}})`;
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
