import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { cssCompletionSource } from '@codemirror/lang-css';
import { syntaxTree } from '@codemirror/language';
import { BUILT_IN_THEMES } from '../../../shared/layout/builtInThemes.ts';
import { LAYOUT_NAMES } from '../../../shared/layout/layoutNames.ts';
import { THEME_CLASSES } from '../../../shared/layout/themeClasses.ts';
import { asPattern } from '../asPattern.ts';
import { THEME_VARIABLES } from './themeVariables.ts';

type SyntaxNode = ReturnType<ReturnType<typeof syntaxTree>['resolveInner']>;

/** The attributes of the whole picture by which a theme tells layouts and built-in themes apart, and their values. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  'data-layout': LAYOUT_NAMES,
  'data-theme': BUILT_IN_THEMES,
};

const CLASSES: readonly Completion[] = THEME_CLASSES.map(({ name, help, options }) => ({
  label: name,
  type: 'class',
  info: options.length === 0 ? help : `${help} Options: ${options.map(asPattern).join(', ')}`,
}));

/** As above, where no dot was typed yet. */
const DOTTED_CLASSES = CLASSES.map((completion) => ({
  ...completion,
  label: `.${completion.label}`,
  boost: 1,
}));

/**
 * What may stand at a place of a theme: our class names, variables and attributes, from the tables that the docs are made
 * from, and what CSS itself has there. Null where there is nothing to propose.
 */
export async function completeTheme(context: CompletionContext): Promise<CompletionResult | null> {
  const node = syntaxTree(context.state).resolveInner(context.pos, -1);
  const attributes = attributesAt(context, node);
  if (attributes !== null) return attributes;
  const ours = classesAt(context, node) ?? variablesAt(context, node);
  const ofCss = await cssCompletionSource(context);
  if (ours === null || ofCss === null || ours.from !== ofCss.from) return ours ?? ofCss;
  const names = new Set(ours.options.map(({ label }) => label));
  return { ...ours, options: [...ours.options, ...ofCss.options.filter(({ label }) => !names.has(label))] };
}

function classesAt({ explicit, pos }: CompletionContext, node: SyntaxNode): CompletionResult | null {
  const isDotted = isIn(node, 'ClassSelector', 1);
  if (node.name === 'ClassName') return { from: node.from, options: CLASSES, validFor: /^[\w-]*$/ };
  if (isDotted) return { from: pos, options: CLASSES, validFor: /^[\w-]*$/ };
  if (isIn(node, 'Block')) return null;
  if (node.name === 'TagName') return { from: node.from, options: DOTTED_CLASSES, validFor: /^\.?[\w-]*$/ };
  return explicit && node.name === 'StyleSheet'
    ? { from: pos, options: DOTTED_CLASSES, validFor: /^\.?[\w-]*$/ }
    : null;
}

function variablesAt(context: CompletionContext, node: SyntaxNode): CompletionResult | null {
  // The first of the two dashes is not CSS yet.
  const isDash = node.type.isError && context.state.sliceDoc(node.from, node.to) === '-';
  const isName = node.name === 'VariableName' || isDash;
  const isInVar = isIn(node, 'ArgList', 1) && calleeOf(context, node) === 'var';
  if (!isName && !(isInVar && context.explicit)) return null;
  const isFirst = node.prevSibling === null && node.parent?.name === 'Declaration';
  const isDeclared = isDash ? node.parent?.name === 'Block' : isFirst;
  return {
    from: isName ? node.from : context.pos,
    options: THEME_VARIABLES.map(({ name, help, detail }) => ({
      label: name,
      type: 'variable',
      info: detail === '' ? help : `${help} ${detail}`,
      apply: isDeclared ? declared(context, node, name) : isInVar ? name : `var(${name})`,
    })),
    validFor: /^-(-[\w-]*)?$/,
  };
}

/** A name with its colon, unless there is one already. */
function declared({ state }: CompletionContext, node: SyntaxNode, name: string): string {
  return /^\s*:/.test(state.sliceDoc(node.to, node.to + 10)) ? name : `${name}: `;
}

function calleeOf({ state }: CompletionContext, node: SyntaxNode): string {
  const call = node.name === 'ArgList' ? node.parent : node.parent?.parent;
  const callee = call?.getChild('Callee');
  return callee ? state.sliceDoc(callee.from, callee.to) : '';
}

function attributesAt(context: CompletionContext, node: SyntaxNode): CompletionResult | null {
  if (!isIn(node, 'AttributeSelector', 2)) return null;
  const value = context.matchBefore(/\[[\w-]+="?[\w-]*$/);
  const name = context.matchBefore(/\[[\w-]*$/);
  if (value !== null) {
    const [, attribute = '', typed = ''] = /^\[([\w-]+)="?(.*)$/.exec(value.text) ?? [];
    const options = (ATTRIBUTES[attribute] ?? []).map((label) => ({ label, type: 'constant' }));
    return options.length === 0 ? null : { from: context.pos - typed.length, options, validFor: /^[\w-]*$/ };
  }
  if (name === null) return null;
  const options = Object.keys(ATTRIBUTES).map((label) => ({ label, type: 'property', apply: `${label}="` }));
  return { from: name.from + 1, options, validFor: /^[\w-]*$/ };
}

/** Whether a node has a name, or is in one that has it, at most so many levels up. */
function isIn(node: SyntaxNode, name: string, levels = Number.POSITIVE_INFINITY): boolean {
  let at: SyntaxNode | null = node;
  for (let level = 0; at !== null && level <= levels; level++, at = at.parent)
    if (at.name === name) return true;
  return false;
}
