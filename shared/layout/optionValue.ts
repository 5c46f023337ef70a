import { color } from '@csstools/css-color-parser';
import { parseComponentValue } from '@csstools/css-parser-algorithms';
import { type CSSToken, TokenType, tokenize } from '@csstools/css-tokenizer';
import { z } from 'zod';
import { cssValuesIn } from './cssValuesIn.ts';
import { CustomAction, ParticipantCondition } from './customActions.ts';
import { IMAGE_ADDRESS, isImageAddress } from './imageAddress.ts';
import { LAYOUT_NAMES, layoutNamed } from './layoutNames.ts';
import { isCssLength, isMathToken } from './lengthInPixels.ts';
import { readBackgroundImage } from './readBackgroundImage.ts';
import { readCssTokens } from './readCssTokens.ts';

export type OptionValue = string | number | boolean | readonly CustomAction[] | ParticipantCondition;

export type OptionKind = keyof typeof OPTION_KINDS | 'enum';

/**
 * No colour, length or other CSS value needs more characters. The bound comes before every check, so that no pattern
 * and no parser is ever given a long text.
 */
const LONGEST_CSS_VALUE = 200;
const BARE_NUMBER = /^-?[\d.]+$/;
const RATIO = /^(\d+(?:\.\d*)?|\.\d+)(?:\s*[/:]\s*(\d+(?:\.\d*)?|\.\d+))?$/;

const cssText = z
  .string()
  .max(LONGEST_CSS_VALUE, { error: `is longer than ${LONGEST_CSS_VALUE} characters`, abort: true });

const length = z.union([z.number(), cssText]).transform((given, context) => {
  const text = withUnit(String(given).trim());
  if (!isCssLength(text))
    context.addIssue('is not a length such as 10, "10px", "1.5rem", "20%" or "calc(1rem + 2px)"');
  return text;
});

/** One or two lengths, as `margin-inline` takes them. */
const lengthPair = z.union([z.number(), cssText]).transform((given, context) => {
  const values = lengthsIn(String(given));
  if (!values.every(isCssLength) || values.length > 2)
    context.addIssue('is not one length or two, such as 10, "1.5rem" or "10px 20px"');
  return values.join(' ');
});

/** Radii as `border-radius` takes them: up to four, and up to four more after a slash. */
const corners = z.union([z.number(), cssText]).transform((given, context) => {
  const values = lengthsIn(String(given));
  const slash = values.indexOf('/');
  const sides = slash < 0 ? [values] : [values.slice(0, slash), values.slice(slash + 1)];
  const isRadius = (side: string[]) => side.length > 0 && side.length <= 4 && side.every(isCssLength);
  if (!sides.every(isRadius)) context.addIssue('is not a radius such as 10, "1.2rem", "50%" or "10px 20px"');
  return values.join(' ');
});

const ratio = z.union([z.number(), cssText]).transform((given, context) => {
  const [, width, height = '1'] = RATIO.exec(String(given).trim()) ?? [];
  if (!Number(width) || !Number(height))
    context.addIssue('is not an aspect ratio such as "16/9", "4/3" or "1"');
  return `${width} / ${height}`;
});

const image = z.string().transform((given, context) => {
  const read = readBackgroundImage(given);
  if (read === null)
    context.addIssue(`is not a background image: ${IMAGE_ADDRESS}, url(...) of one, or a gradient`);
  return read?.css ?? '';
});

const layout = z.string().transform((given, context) => {
  const name = layoutNamed(given);
  if (!name) context.addIssue(`is not a layout (${LAYOUT_NAMES.join(', ')})`);
  return name ?? given;
});

/**
 * How a value of each kind is checked and normalised before it may become CSS: lengths gain a unit (px),
 * layouts their wire name, ratios the form CSS takes. No string reaches a stylesheet unchecked.
 */
const OPTION_KINDS = {
  color: cssText.refine(isCssColor, {
    error: 'is not a CSS colour such as "#1f1f1f", "white" or "rgb(0 0 0 / 50%)"',
  }),
  length,
  length_pair: lengthPair,
  corners,
  number: z.union([z.number().nonnegative(), corners]),
  boolean: z.boolean(),
  boolean_or_length: z.union([z.boolean(), length]),
  percentage: z.number().gt(0).lte(100),
  count: z.int().gte(1).lte(100),
  milliseconds: z.number().gte(100),
  limit: z.union([z.literal('dynamic'), z.int().gte(0)]),
  text: z.string().max(500, { error: 'is longer than 500 characters' }),
  url: z.string().refine(isImageAddress, { error: `is not ${IMAGE_ADDRESS}` }),
  image,
  ratio,
  css_words: cssText.refine(isPlainCss, { error: 'is not a plain CSS value' }),
  layout,
  actions: z.array(CustomAction),
  condition: ParticipantCondition,
} satisfies Record<string, z.ZodType>;

/** The checker of one option: of its kind, or of its allowed values where it is an `enum`. */
export function optionSchema(option: { kind: OptionKind; values?: readonly string[] }): z.ZodType {
  return option.kind === 'enum' ? z.enum([...(option.values ?? [])]) : OPTION_KINDS[option.kind];
}

/** The lengths in a text, each with a unit; a text that is no CSS value is its only length. */
function lengthsIn(text: string): string[] {
  const values = cssValuesIn(text.trim());
  return values === null || values.length === 0 ? [text] : values.map(withUnit);
}

/** A bare number counts pixels. */
function withUnit(text: string): string {
  return BARE_NUMBER.test(text) ? `${Number(text)}px` : text;
}

/** Words and lengths, with commas between them where there are several layers. */
function isPlainCss(text: string): boolean {
  const tokens = readCssTokens(text.trim());
  if (tokens === null || tokens.length === 0) return false;
  const has = (wanted: TokenType) => tokens.some(([type]) => type === wanted);
  const isPlain = (token: CSSToken) => token[0] === TokenType.Ident || isMathToken(token);
  return tokens.every(isPlain) && (has(TokenType.Function) || !has(TokenType.Delim));
}

function isCssColor(text: string): boolean {
  const value = parseComponentValue(tokenize({ css: text.trim() }));
  return value !== undefined && color(value) !== false;
}
