import { color } from '@csstools/css-color-parser';
import { parseComponentValue } from '@csstools/css-parser-algorithms';
import { tokenize } from '@csstools/css-tokenizer';
import { z } from 'zod';
import { CustomAction, ParticipantCondition } from './customActions.ts';
import { LAYOUT_NAMES, layoutNamed } from './layoutNames.ts';

export type OptionValue = string | number | boolean | CustomAction[] | ParticipantCondition;

export type OptionKind = keyof typeof OPTION_KINDS | 'enum';

const URL_PROTOCOLS = /^https?$/;
const ADDRESS = z.url({
  protocol: URL_PROTOCOLS,
  error: 'is not an http or https address',
});
const CSS_LENGTH = /^(?:-?(?:\d+\.?\d*|\.\d+)(?:px|rem|em|%|vw|vh|vmin|vmax|ch|pt)|0|auto|initial)$/;

const length = z.union([z.number(), z.string()]).transform((given, context) => {
  const text = typeof given === 'number' || /^-?[\d.]+$/.test(given) ? `${Number(given)}px` : given.trim();
  if (!CSS_LENGTH.test(text)) context.addIssue('is not a length such as 10, "10px", "1.5rem" or "20%"');
  return text;
});

const cssColor = z.string().refine(isCssColor, {
  error: 'is not a CSS colour such as "#1f1f1f", "white" or "rgb(0 0 0 / 50%)"',
});

/**
 * How a value of each kind is checked and normalised before it may become CSS: lengths gain a unit (px),
 * layouts their wire name, ratios the form CSS takes. No string reaches a stylesheet unchecked.
 */
const OPTION_KINDS = {
  color: cssColor,
  length,
  number: z.number().nonnegative(),
  boolean: z.boolean(),
  boolean_or_length: z.union([z.boolean(), length]),
  percentage: z.number().gt(0).lte(100),
  count: z.int().gte(1).lte(100),
  milliseconds: z.number().gte(100),
  limit: z.union([z.literal('dynamic'), z.int().gte(0)]),
  text: z.string().max(500),
  url: ADDRESS,
  image: z.string().transform((given, context) => {
    const address = /^url\((["']?)(.*)\1\)$/.exec(given.trim())?.[2] ?? given;
    if (!ADDRESS.safeParse(address).success)
      context.addIssue('is not an http or https address, or url(...) of one');
    return address;
  }),
  ratio: z.string().transform((given, context) => {
    const match = /^\s*(\d+(?:\.\d+)?)\s*[/:]\s*(\d+(?:\.\d+)?)\s*$/.exec(given);
    if (!match || Number(match[1]) === 0 || Number(match[2]) === 0) {
      context.addIssue('is not an aspect ratio such as "16/9" or "4/3"');
    }
    return `${match?.[1]} / ${match?.[2]}`;
  }),
  css_words: z.string().regex(/^[\w.%-]+(?:[ ,]+[\w.%-]+)*$/, {
    error: 'is not a plain CSS value',
  }),
  layout: z.string().transform((given, context) => {
    const name = layoutNamed(given);
    if (!name) context.addIssue(`is not a layout (${LAYOUT_NAMES.join(', ')})`);
    return name ?? given;
  }),
  actions: z.array(CustomAction),
  condition: ParticipantCondition,
} satisfies Record<string, z.ZodType>;

/** The checker of one option: of its kind, or of its allowed values where it is an `enum`. */
export function optionSchema(option: { kind: OptionKind; values?: readonly string[] }): z.ZodType {
  return option.kind === 'enum' ? z.enum([...(option.values ?? [])]) : OPTION_KINDS[option.kind];
}

function isCssColor(text: string): boolean {
  const value = parseComponentValue(tokenize({ css: text.trim() }));
  return value !== undefined && color(value) !== false;
}
