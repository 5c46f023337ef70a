import { color } from '@csstools/css-color-parser';
import {
  type ComponentValue,
  isFunctionNode,
  isTokenNode,
  isWhitespaceNode,
  parseCommaSeparatedListOfComponentValues,
} from '@csstools/css-parser-algorithms';
import { type CSSToken, TokenType } from '@csstools/css-tokenizer';
import { isImageAddress } from './imageAddress.ts';
import { isMathToken } from './lengthInPixels.ts';
import { readCssTokens } from './readCssTokens.ts';

/** A background image in the form that CSS takes, and the addresses it loads, `data:` images among them. */
export interface BackgroundImage {
  readonly css: string;
  readonly addresses: readonly string[];
}

const LONGEST_LAYERS = 10;
/** No word or number of a gradient is longer. In characters. */
const LONGEST_TOKEN = 100;

const GRADIENT = /^(?:repeating-)?(?:linear|radial|conic)-gradient$/i;
const WORDS: ReadonlySet<string> = new Set(
  (
    'to at from in top bottom left right center circle ellipse closest-side closest-corner farthest-side ' +
    'farthest-corner shorter longer increasing decreasing hue srgb srgb-linear display-p3 a98-rgb prophoto-rgb ' +
    'rec2020 lab oklab xyz xyz-d50 xyz-d65 hsl hwb lch oklch'
  ).split(' '),
);
const MEASURES: ReadonlySet<TokenType> = new Set([
  TokenType.Comma,
  TokenType.Dimension,
  TokenType.Number,
  TokenType.Percentage,
]);
/** An address in url() without quotes, as CSS would not take it: with brackets. */
const LENIENT_URL = /^url\(([^\s"'\\,]+)\)$/i;

/**
 * Reads a background image: an address, or what the property `background-image` takes of `none`, `url()` and gradients,
 * several layers too. null where there is anything else in it.
 */
export function readBackgroundImage(given: string): BackgroundImage | null {
  const text = given.trim();
  const address = LENIENT_URL.exec(text)?.[1] ?? text;
  if (isImageAddress(address)) return loaded(address);
  const tokens = readCssTokens(text);
  if (tokens === null || tokens.some(isTooLong)) return null;
  const layers = parseCommaSeparatedListOfComponentValues(tokens).map(readLayer);
  if (layers.length > LONGEST_LAYERS || layers.includes(null)) return null;
  const read = layers as BackgroundImage[];
  return {
    css: read.map(({ css }) => css).join(', '),
    addresses: read.flatMap(({ addresses }) => addresses),
  };
}

function isTooLong([type, written]: CSSToken): boolean {
  return type !== TokenType.URL && type !== TokenType.String && written.length > LONGEST_TOKEN;
}

function readLayer(layer: readonly ComponentValue[]): BackgroundImage | null {
  const [node, ...more] = layer.filter((one) => !isWhitespaceNode(one));
  if (!node || more.length > 0) return null;
  if (isTokenNode(node)) return readToken(node.value);
  if (!isFunctionNode(node)) return null;
  if (node.getName().toLowerCase() === 'url') return readQuotedUrl(node.value);
  const isGradient = GRADIENT.test(node.getName()) && node.value.every(mayStandInGradient);
  return isGradient ? { css: node.toString(), addresses: [] } : null;
}

function readToken(token: CSSToken): BackgroundImage | null {
  if (token[0] === TokenType.URL) return isImageAddress(token[4].value) ? loaded(token[4].value) : null;
  const isNone = token[0] === TokenType.Ident && token[4].value.toLowerCase() === 'none';
  return isNone ? { css: 'none', addresses: [] } : null;
}

function readQuotedUrl(inside: readonly ComponentValue[]): BackgroundImage | null {
  const [node, ...more] = inside.filter((one) => !isWhitespaceNode(one));
  if (!node || more.length > 0 || !isTokenNode(node) || node.value[0] !== TokenType.String) return null;
  const address = node.value[4].value;
  return isImageAddress(address) ? loaded(address) : null;
}

function mayStandInGradient(node: ComponentValue): boolean {
  if (isWhitespaceNode(node)) return true;
  if (color(node) !== false) return true;
  if (isFunctionNode(node)) return node.tokens().every(isMathToken);
  if (!isTokenNode(node)) return false;
  const [type, written] = node.value;
  return MEASURES.has(type) || (type === TokenType.Ident && WORDS.has(written.toLowerCase()));
}

/** What could end the string is written as in an address: quotes, backslashes and everything that is not printed. */
function loaded(address: string): BackgroundImage {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get into a stylesheet
  const safe = address.replace(/["\\\u0000-\u001f\u007f]/g, (sign) => encodeURIComponent(sign));
  return { css: `url("${safe}")`, addresses: [safe] };
}
