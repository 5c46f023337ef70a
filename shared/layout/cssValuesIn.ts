import { type CSSToken, stringify, TokenType } from '@csstools/css-tokenizer';
import { readCssTokens } from './readCssTokens.ts';

/**
 * The values that white space parts in a CSS text; a slash between values is one of them, as `/`. Brackets hold a value
 * together. null where the text is no CSS value.
 */
export function cssValuesIn(text: string): string[] | null {
  const tokens = readCssTokens(text);
  if (tokens === null) return null;
  const values: CSSToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    const [type, written] = token;
    if (type === TokenType.Function || type === TokenType.OpenParen) depth += 1;
    if (type === TokenType.CloseParen) depth -= 1;
    const isSlash = type === TokenType.Delim && written === '/';
    if (depth === 0 && isSlash) values.push([token], []);
    else if (depth === 0 && type === TokenType.Whitespace) values.push([]);
    else values.at(-1)?.push(token);
  }
  return values.filter(({ length }) => length > 0).map((of) => stringify(...of));
}
