import { ensureSyntaxTree, syntaxTree } from '@codemirror/language';
import type { Diagnostic } from '@codemirror/lint';
import type { EditorState } from '@codemirror/state';
import { distance } from 'fastest-levenshtein';
import { findStylesheetProblem } from '../../../shared/layout/stylesheetProblem.ts';
import { THEME_CLASSES } from '../../../shared/layout/themeClasses.ts';
import { nearestName } from '../../../shared/wire/nearestName.ts';
import { THEME_VARIABLES } from './themeVariables.ts';

type SyntaxNode = ReturnType<typeof syntaxTree>['topNode'];

/** How long a theme may be read before the rest of it waits for the next change, in milliseconds. */
const READ_WITHIN_MS = 200;
/** Names that differ in more letters than these are different names, not misspelled ones. */
const MISSPELLED_LETTERS = 2;

const CLASS_NAMES = THEME_CLASSES.map(({ name }) => name);
const VARIABLE_NAMES = THEME_VARIABLES.map(({ name }) => name);

/**
 * What is wrong with a theme, and where, in the order of the text: the fault for which a recording warns, what this
 * browser leaves out without a word, and names that are nearly ours.
 */
export function findThemeProblems(state: EditorState): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const text = state.sliceDoc();
  const tree = ensureSyntaxTree(state, state.doc.length, READ_WITHIN_MS) ?? syntaxTree(state);
  tree.iterate({
    enter: ({ node }) => {
      const message = problemOf(node, text);
      if (message !== null) problems.push({ ...firstLineOf(node, state), severity: 'warning', message });
    },
  });
  const syntax = findStylesheetProblem(text);
  if (syntax !== null && (syntax.range !== null || problems.length === 0)) {
    const [from, to] = syntax.range ?? [0, state.doc.line(1).to];
    problems.push({ from, to: Math.min(to, state.doc.length), severity: 'error', message: syntax.what });
  }
  return problems.sort((one, other) => one.from - other.from);
}

function problemOf(node: SyntaxNode, text: string): string | null {
  switch (node.name) {
    case 'Declaration':
      return declarationProblem(node, text);
    case 'RuleSet':
      // Where a colon or a semicolon is missing, the text reads as the beginning of a rule.
      return node.getChild('Block') ? null : unreadable(node);
    case 'ClassName':
      return misspelling(partOf(text, node), CLASS_NAMES, 'class');
    case 'VariableName':
      // A variable that the theme declares is its own, whatever it is called.
      return text.includes(`${partOf(text, node)}:`)
        ? null
        : misspelling(partOf(text, node), VARIABLE_NAMES, 'variable');
    default:
      return null;
  }
}

function unreadable({ parent }: SyntaxNode): string {
  return parent?.name === 'Block'
    ? 'neither "property: value;" nor a rule, so a browser leaves it out: is a colon or a semicolon missing?'
    : 'a selector without a block: write { } after it';
}

function declarationProblem(node: SyntaxNode, text: string): string | null {
  const property = node.getChild('PropertyName');
  const colon = node.getChild(':');
  // Names with a prefix belong to one browser, and another one is right not to know them.
  if (!property || !colon || !isOfElements(node)) return null;
  const name = partOf(text, property).toLowerCase();
  if (name.startsWith('-')) return null;
  if (!CSS.supports(name, 'inherit')) {
    const nearest = nearestName(name, knownProperties());
    return `this browser knows no property "${name}"${nearest ? `: did you mean "${nearest}"?` : ''}`;
  }
  const value = text
    .slice(colon.to, node.to)
    .replace(/!\s*important\s*$/i, '')
    .trim();
  if (value === '') return `"${name}" has no value`;
  return CSS.supports(name, value) ? null : `"${name}" does not take the value "${value}"`;
}

/** Whether a declaration is about elements; those of @font-face and the like have names of their own. */
function isOfElements(node: SyntaxNode): boolean {
  for (let at = node.parent; at; at = at.parent) {
    if (at.name === 'RuleSet' || at.name === 'KeyframesStatement') return true;
    if (at.name === 'AtRule') return false;
  }
  return false;
}

/** Names that are nearly ours; a name with a modifier, such as `--no-video`, has its own ending. */
function misspelling(name: string, known: readonly string[], what: string): string | null {
  if (known.includes(name)) return null;
  const meant = known.find((one) => distance(name, one) <= MISSPELLED_LETTERS);
  return meant === undefined ? null : `the picture has no ${what} "${name}": did you mean "${meant}"?`;
}

function partOf(text: string, { from, to }: SyntaxNode): string {
  return text.slice(from, to);
}

function firstLineOf({ from, to }: SyntaxNode, state: EditorState): { from: number; to: number } {
  const text = state.sliceDoc(from, Math.min(to, state.doc.lineAt(from).to));
  return { from, to: from + text.trimEnd().length };
}

let properties: readonly string[] | null = null;

/** The CSS properties of this browser. They are listed once, since it takes a moment. */
function knownProperties(): readonly string[] {
  if (properties === null) {
    const names: string[] = [];
    for (const name in document.documentElement.style)
      names.push(name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
    properties = [...new Set(names)].filter((name) => CSS.supports(name, 'inherit'));
  }
  return properties;
}
