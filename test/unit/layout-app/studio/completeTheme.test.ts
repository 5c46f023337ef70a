import { CompletionContext } from '@codemirror/autocomplete';
import { css } from '@codemirror/lang-css';
import { ensureSyntaxTree } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { describe, expect, test } from 'vitest';
import { completeTheme } from '../../../../layout-app/studio/themeEditor/completeTheme.ts';
import { BUILT_IN_THEMES } from '../../../../shared/layout/builtInThemes.ts';
import { LAYOUT_OPTIONS } from '../../../../shared/layout/layoutOptions.ts';
import { LINKED_VARIABLES } from '../../../../shared/layout/linkedVariables.ts';
import { THEME_CLASSES } from '../../../../shared/layout/themeClasses.ts';

const CLASSES = THEME_CLASSES.map(({ name }) => name);
const VARIABLES = [
  ...LAYOUT_OPTIONS.flatMap(({ cssVariable }) => cssVariable ?? []),
  ...LINKED_VARIABLES.map(({ name }) => name),
];

/** What is proposed at the bar in a text, and what is replaced by it; null for nothing. */
async function proposedAt(marked: string, { explicit = false } = {}) {
  const at = marked.indexOf('|');
  const state = EditorState.create({ doc: marked.replace('|', ''), extensions: css() });
  ensureSyntaxTree(state, state.doc.length, 5_000);
  const result = await completeTheme(new CompletionContext(state, at, explicit));
  if (result === null) return null;
  const labels = result.options.map(({ label }) => label);
  return { labels, replaced: state.sliceDoc(result.from, at), options: result.options };
}

describe('class names', () => {
  test.each([
    ['.|', ''],
    ['.str-vid|', 'str-vid'],
    ['.str-video:has(.part|', 'part'],
    ['.str-video {\n  .|', ''],
    ['.paginated-grid > .|eca {}', ''],
  ])('are proposed in %j, and what help the docs give with them', async (text, replaced) => {
    const proposed = await proposedAt(text);
    expect(proposed?.labels).toEqual(CLASSES);
    expect(proposed?.replaced).toBe(replaced);
    expect(proposed?.options[0]?.info).toBe(
      `${THEME_CLASSES[0]?.help} Options: layout.background_*, layout.theme`,
    );
  });

  test('are proposed with their dot where none was typed', async () => {
    const dotted = CLASSES.map((name) => `.${name}`);
    expect((await proposedAt('part|'))?.labels).toEqual(expect.arrayContaining(dotted));
    expect((await proposedAt('|', { explicit: true }))?.labels).toEqual(dotted);
  });

  test.each([
    '.a { width: 0.|',
    '/* .| */',
    '.a { content: ".|" }',
    '|',
  ])('are not proposed in %j', async (text) => expect(await proposedAt(text)).toBeNull());
});

describe('variables', () => {
  const applied = async (text: string, label: string) =>
    (await proposedAt(text))?.options.find((one) => one.label === label)?.apply;

  test.each([
    '.a { --| }',
    '.a { color: var(--|) }',
    '.a { color: --|; }',
  ])('are proposed in %j, those of options and those of the linked stylesheet', async (text) =>
    expect((await proposedAt(text))?.labels.toSorted()).toEqual(VARIABLES.toSorted()));

  test('are written as the place needs them', async () => {
    expect(await applied('.a { --| }', '--title-color')).toBe('--title-color: ');
    expect(await applied('.a { -| }', '--title-color')).toBe('--title-color: ');
    expect(await applied('.a { color: -| }', '--title-color')).toBe('var(--title-color)');
    expect(await applied('.a { --|: red }', '--title-color')).toBe('--title-color');
    expect(await applied('.a { color: var(--|) }', '--title-color')).toBe('--title-color');
    expect(await applied('.a { color: --|; }', '--title-color')).toBe('var(--title-color)');
  });

  test('those of the theme itself are proposed too, each once', async () => {
    const proposed = await proposedAt(':root { --mine: red; --title-color: red }\n.a { color: var(--|) }');
    expect(proposed?.labels.toSorted()).toEqual([...VARIABLES, '--mine'].toSorted());
  });

  test('the option that sets one is named', async () => {
    const proposed = await proposedAt('.a { color: var(--|) }');
    const info = proposed?.options.find(({ label }) => label === '--title-color')?.info;
    expect(info).toBe('Colour of the title. The option title.color sets it.');
  });
});

describe('attributes', () => {
  test('of the picture are proposed, with the values that options give them', async () => {
    expect((await proposedAt('.str-video[|'))?.labels).toEqual(['data-layout', 'data-theme']);
    expect((await proposedAt('.str-video[data-theme="|"]'))?.labels).toEqual(BUILT_IN_THEMES);
    const unquoted = await proposedAt('.str-video[data-theme=li|');
    expect([unquoted?.replaced, unquoted?.labels]).toEqual(['li', BUILT_IN_THEMES]);
  });

  test('which are not ours have no values', async () => {
    expect(await proposedAt('.str-video[title="|"]')).toBeNull();
  });
});
