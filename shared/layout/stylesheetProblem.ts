import { isSimpleBlockNode, isTokenNode, parseListOfComponentValues } from '@csstools/css-parser-algorithms';
import { type ParseError, tokenize } from '@csstools/css-tokenizer';

const CLOSING = new Set(['}', ')', ']']);

/**
 * Says in one sentence, with a line number, what is wrong with the syntax of a stylesheet; null if nothing is wrong.
 * This is needed because a browser silently skips what it cannot read, often everything from that place on.
 */
export function stylesheetProblem(css: string): string | null {
  if (css.trim() === '') return null;
  const errors: ParseError[] = [];
  const onParseError = (error: ParseError) => errors.push(error);
  const nodes = parseListOfComponentValues(tokenize({ css }, { onParseError }), { onParseError });
  const stray = nodes.find((node) => isTokenNode(node) && CLOSING.has(node.value[1]));
  if (stray && isTokenNode(stray)) {
    return `line ${lineAt(css, stray.value[2])}: a "${stray.value[1]}" that closes nothing`;
  }
  // If nested blocks are not closed, the last problem that the parser reports is about the outermost one.
  const first = errors.at(-1);
  if (first) return `line ${lineAt(css, first.sourceStart)}: ${inWords(first.message)}`;
  // @import and @layer need no braces.
  const hasRule = nodes.some((node) => isSimpleBlockNode(node) || /^\s*@/.test(node.toString()));
  return hasRule ? null : 'it has no rules';
}

function lineAt(css: string, at: number): number {
  return css.slice(0, at).split('\n').length;
}

/** "Unexpected EOF while consuming a simple block." as "a simple block without its end". */
function inWords(message: string): string {
  const [, what] = /^Unexpected EOF while consuming (.*)\.$/.exec(message) ?? [];
  return what
    ? `${what.replace('simple block', 'block')} without its end`
    : message.replace(/\.$/, '').toLowerCase();
}
