import { type CSSToken, type ParseError, TokenType, tokenizer } from '@csstools/css-tokenizer';

/** How much of a stylesheet is read, in characters: more than themes have, and 20 ms at most. */
const READ_CHARACTERS = 100_000;

/** The token that ends what a token begins. */
const CLOSED_BY: Readonly<Partial<Record<TokenType, TokenType>>> = {
  [TokenType.OpenCurly]: TokenType.CloseCurly,
  [TokenType.OpenParen]: TokenType.CloseParen,
  [TokenType.OpenSquare]: TokenType.CloseSquare,
  [TokenType.Function]: TokenType.CloseParen,
};
const CLOSING: readonly TokenType[] = [TokenType.CloseCurly, TokenType.CloseParen, TokenType.CloseSquare];

/** What is wrong with the syntax of a stylesheet, and where. */
export interface StylesheetProblem {
  readonly what: string;
  /** Where it is, as offsets in characters: the first one and the one behind the last. Null where it has no place. */
  readonly range: readonly [from: number, to: number] | null;
}

/**
 * The first thing that is wrong with the syntax of a stylesheet, as one sentence with a line number; null where nothing
 * is. A browser takes any text and silently leaves out what it cannot read, often everything from that place on. Of a
 * stylesheet longer than 100,000 characters only so many are read.
 */
export function stylesheetProblem(css: string): string | null {
  const problem = findStylesheetProblem(css);
  if (problem === null) return null;
  return problem.range === null ? problem.what : `line ${lineAt(css, problem.range[0])}: ${problem.what}`;
}

/** As above, with its place in the text instead of a line number. */
export function findStylesheetProblem(css: string): StylesheetProblem | null {
  const text = css.slice(0, READ_CHARACTERS);
  if (text.trim() === '') return null;
  const isCut = text.length < css.length;
  const { openBlocks, problem, hasRule } = readTokens(text, isCut);
  if (problem) return problem;
  if (isCut) return null;
  const [outermost] = openBlocks;
  if (outermost) return { what: 'a block without its end', range: rangeOf(outermost) };
  return hasRule ? null : { what: 'it has no rules', range: null };
}

interface Reading {
  /** The tokens that began the blocks that are still open, the outermost first. */
  readonly openBlocks: CSSToken[];
  problem: StylesheetProblem | null;
  hasRule: boolean;
}

/** Reads tokens up to the first problem. There is no recursion, so no nesting is too deep. */
function readTokens(css: string, isCut: boolean): Reading {
  const reading: Reading = { openBlocks: [], problem: null, hasRule: false };
  const onParseError = ({ sourceStart, sourceEnd, message }: ParseError) => {
    const isOnlyTheCut = isCut && message.startsWith('Unexpected EOF');
    if (!isOnlyTheCut) reading.problem ??= { what: inWords(message), range: [sourceStart, sourceEnd + 1] };
  };
  const tokens = tokenizer({ css }, { onParseError });
  while (reading.problem === null && !tokens.endOfFile()) noteToken(reading, tokens.nextToken());
  return reading;
}

function noteToken(reading: Reading, token: CSSToken): void {
  const { openBlocks } = reading;
  const innermost = openBlocks.at(-1);
  const [type, text] = token;
  // @import and @layer need no braces.
  if (!innermost && (type === TokenType.OpenCurly || type === TokenType.AtKeyword)) reading.hasRule = true;
  if (CLOSED_BY[type] !== undefined) openBlocks.push(token);
  else if (innermost && CLOSED_BY[innermost[0]] === type) openBlocks.pop();
  else if (!innermost && CLOSING.includes(type))
    reading.problem ??= { what: `a "${text}" that closes nothing`, range: rangeOf(token) };
}

/** A token knows its first and its last character. */
function rangeOf([, , first, last]: CSSToken): readonly [number, number] {
  return [first, last + 1];
}

function lineAt(css: string, at: number): number {
  return css.slice(0, at).split('\n').length;
}

/** "Unexpected EOF while consuming a comment." as "a comment without its end". */
function inWords(message: string): string {
  const [, what] = /^Unexpected EOF while consuming (.*)\.$/.exec(message) ?? [];
  return what ? `${what} without its end` : message.replace(/\.$/, '').toLowerCase();
}
