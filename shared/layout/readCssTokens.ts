import { type CSSToken, TokenType, tokenizer } from '@csstools/css-tokenizer';

/** No option needs more tokens, or functions in functions. */
const MOST_TOKENS = 500;
const DEEPEST = 16;

/** What may stand in no value of an option: it could end the declaration or the rule, or it is a broken token. */
const REFUSED: ReadonlySet<TokenType> = new Set([
  TokenType.AtKeyword,
  TokenType.BadString,
  TokenType.BadURL,
  TokenType.CDC,
  TokenType.CDO,
  TokenType.CloseCurly,
  TokenType.CloseSquare,
  TokenType.Colon,
  TokenType.Comment,
  TokenType.OpenCurly,
  TokenType.OpenSquare,
  TokenType.Semicolon,
  TokenType.UnicodeRange,
]);

/**
 * The tokens of a CSS value, or null where it has one that no value may have, where a bracket or a quote is not closed,
 * or where it is longer or deeper than any value needs to be. It stops at the first thing that is wrong, so that it
 * takes time in proportion to the text at most.
 */
export function readCssTokens(css: string): CSSToken[] | null {
  let isBroken = false;
  let depth = 0;
  const read: CSSToken[] = [];
  const tokens = tokenizer({ css }, { onParseError: () => (isBroken = true) });
  while (!tokens.endOfFile()) {
    const token = tokens.nextToken();
    const [type] = token;
    if (type === TokenType.EOF) break;
    if (type === TokenType.Function || type === TokenType.OpenParen) depth += 1;
    if (type === TokenType.CloseParen) depth -= 1;
    if (isBroken || REFUSED.has(type) || depth < 0 || depth > DEEPEST || read.length >= MOST_TOKENS)
      return null;
    read.push(token);
  }
  return depth === 0 && !isBroken ? read : null;
}
