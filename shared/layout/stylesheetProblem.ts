import { isSimpleBlockNode, isTokenNode, parseListOfComponentValues } from '@csstools/css-parser-algorithms';
import { type ParseError, tokenize } from '@csstools/css-tokenizer';

const CLOSING = new Set(['}', ')', ']']);

/**
 * What is wrong with the syntax of a stylesheet, as one sentence with a line number; null where nothing is. A
 * browser takes any text and leaves out what it cannot read, often all from that place on, without a word.
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
  // Of blocks inside each other that stay open, the last to be told is the outermost.
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
