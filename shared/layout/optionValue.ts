import { color } from '@csstools/css-color-parser';
import { parseComponentValue } from '@csstools/css-parser-algorithms';
import { tokenize } from '@csstools/css-tokenizer';
import { z } from 'zod';
import { HttpAddress } from '../wire/address.ts';
import { CustomAction, ParticipantCondition } from './customActions.ts';
import { LAYOUT_NAMES, layoutNamed } from './layoutNames.ts';

export type OptionValue = string | number | boolean | readonly CustomAction[] | ParticipantCondition;

export type OptionKind = keyof typeof OPTION_KINDS | 'enum';

/**
 * No colour, length or other CSS value needs more characters. The bound comes before every check, so that no pattern
 * and no parser is ever given a long text.
 */
const LONGEST_CSS_VALUE = 200;
const CSS_LENGTH = /^(?:-?(?:\d+(?:\.\d*)?|\.\d+)(?:px|rem|em|%|vw|vh|vmin|vmax|ch|pt)|0|auto|initial)$/;
const CSS_WORDS = /^[\w.%-]+(?:[ ,]+[\w.%-]+)*$/;
const BARE_NUMBER = /^-?[\d.]+$/;
const RATIO = /^(\d+(?:\.\d+)?)\s*[/:]\s*(\d+(?:\.\d+)?)$/;

const cssText = z
  .string()
  .max(LONGEST_CSS_VALUE, { error: `is longer than ${LONGEST_CSS_VALUE} characters`, abort: true });

const length = z.union([z.number(), cssText]).transform((given, context) => {
  const text = typeof given === 'number' || BARE_NUMBER.test(given) ? `${Number(given)}px` : given.trim();
  if (!CSS_LENGTH.test(text)) context.addIssue('is not a length such as 10, "10px", "1.5rem" or "20%"');
  return text;
});

const ratio = cssText.transform((given, context) => {
  const [, width, height] = RATIO.exec(given.trim()) ?? [];
  if (!Number(width) || !Number(height)) context.addIssue('is not an aspect ratio such as "16/9" or "4/3"');
  return `${width} / ${height}`;
});

const image = z.string().transform((given, context) => {
  const address = addressIn(given.trim());
  if (!HttpAddress.safeParse(address).success)
    context.addIssue('is not an http or https address, or url(...) of one');
  return address;
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
  number: z.number().nonnegative(),
  boolean: z.boolean(),
  boolean_or_length: z.union([z.boolean(), length]),
  percentage: z.number().gt(0).lte(100),
  count: z.int().gte(1).lte(100),
  milliseconds: z.number().gte(100),
  limit: z.union([z.literal('dynamic'), z.int().gte(0)]),
  text: z.string().max(500, { error: 'is longer than 500 characters' }),
  url: z.string().refine((given) => HttpAddress.safeParse(given).success, {
    error: 'is not an http or https address',
  }),
  image,
  ratio,
  css_words: cssText.regex(CSS_WORDS, { error: 'is not a plain CSS value' }),
  layout,
  actions: z.array(CustomAction),
  condition: ParticipantCondition,
} satisfies Record<string, z.ZodType>;

/** The checker of one option: of its kind, or of its allowed values where it is an `enum`. */
export function optionSchema(option: { kind: OptionKind; values?: readonly string[] }): z.ZodType {
  return option.kind === 'enum' ? z.enum([...(option.values ?? [])]) : OPTION_KINDS[option.kind];
}

/** The address in `url(...)`, with or without quotes around it; any other text as it is. */
function addressIn(text: string): string {
  if (!text.startsWith('url(') || !text.endsWith(')')) return text;
  const inside = text.slice('url('.length, -1);
  const quote = inside[0] === '"' || inside[0] === "'" ? inside[0] : '';
  return quote !== '' && inside.length > 1 && inside.endsWith(quote) ? inside.slice(1, -1) : inside;
}

function isCssColor(text: string): boolean {
  const value = parseComponentValue(tokenize({ css: text.trim() }));
  return value !== undefined && color(value) !== false;
}
