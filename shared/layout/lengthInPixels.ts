import { calc } from '@csstools/css-calc';
import { type CSSToken, TokenType } from '@csstools/css-tokenizer';
import { readCssTokens } from './readCssTokens.ts';

/** How many pixels one of a unit is. Units are in lower case, and `%` is one of them. null for an unknown unit. */
export type PixelsPerUnit = (unit: string) => number | null;

const KEYWORDS: readonly string[] = ['auto', 'initial'];
const MATH_FUNCTIONS: ReadonlySet<string> = new Set(['calc', 'min', 'max', 'clamp']);
const OPERATORS: ReadonlySet<string> = new Set(['+', '-', '*', '/']);
const PIXELS = /^(-?[\d.]+(?:e[+-]?\d+)?)px$/i;

/** Units that mean the same number of pixels everywhere. */
const ABSOLUTE: Readonly<Record<string, number>> = {
  px: 1,
  pt: 4 / 3,
  pc: 16,
  in: 96,
  cm: 96 / 2.54,
  mm: 9.6 / 2.54,
  q: 2.4 / 2.54,
};

const RELATIVE: ReadonlySet<string> = new Set(
  'rem em ch ex % vw vh vmin vmax vi vb dvw dvh svw svh lvw lvh'.split(' '),
);

/**
 * A length in pixels: a number with a unit, 0, or calc(), min(), max() or clamp() of lengths. `relative` knows the
 * units that depend on where the length is used. null where the text is none of these.
 */
export function lengthInPixels(text: string, relative: PixelsPerUnit): number | null {
  const tokens = readCssTokens(text);
  const [first] = tokens ?? [];
  if (!tokens || !first || (tokens.length > 1 && first[0] !== TokenType.Function)) return null;
  if (first[0] === TokenType.Number) return first[4].value === 0 ? 0 : null;
  const inPixels = tokens.map((token) => withPixels(token, relative));
  if (inPixels.includes(null)) return null;
  const [, number] = PIXELS.exec(calc(inPixels.join(''))) ?? [];
  return number !== undefined && Number.isFinite(Number(number)) ? Number(number) : null;
}

/** Whether a text is one CSS length, `auto` or `initial`. */
export function isCssLength(text: string): boolean {
  return KEYWORDS.includes(text) || lengthInPixels(text, anyRelative) !== null;
}

/** Whether a token may stand in calc(), min(), max() or clamp(), or is the beginning or the end of one. */
export function isMathToken(token: CSSToken): boolean {
  return withPixels(token, anyRelative) !== null;
}

function anyRelative(unit: string): number | null {
  return RELATIVE.has(unit) ? 1 : null;
}

/** A token as text, with pixels instead of its unit; null for one that may not stand in a length. */
function withPixels(token: CSSToken, relative: PixelsPerUnit): string | null {
  const [type, written] = token;
  switch (type) {
    case TokenType.Dimension:
      return pixels(token[4].value, token[4].unit.toLowerCase(), relative);
    case TokenType.Percentage:
      return pixels(token[4].value, '%', relative);
    case TokenType.Function:
      return MATH_FUNCTIONS.has(token[4].value.toLowerCase()) ? written : null;
    case TokenType.Delim:
      return OPERATORS.has(written) ? written : null;
    case TokenType.Number:
    case TokenType.Comma:
    case TokenType.Whitespace:
    case TokenType.OpenParen:
    case TokenType.CloseParen:
      return written;
    default:
      return null;
  }
}

function pixels(amount: number, unit: string, relative: PixelsPerUnit): string | null {
  const perUnit = Object.hasOwn(ABSOLUTE, unit) ? (ABSOLUTE[unit] as number) : relative(unit);
  return perUnit === null ? null : `${amount * perUnit}px`;
}
