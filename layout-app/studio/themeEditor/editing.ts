import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { css } from '@codemirror/lang-css';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { search, searchKeymap } from '@codemirror/search';
import type { Extension } from '@codemirror/state';
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  type KeyBinding,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { completeTheme } from './completeTheme.ts';
import { THEME_HIGHLIGHTING } from './highlighting.ts';

/**
 * Tab indents, so there must be another way out for whoever has no mouse: after Escape, Tab leaves the editor until
 * another key is pressed. The first binding comes before those that close something; the last one takes what is left.
 */
const LEAVE_BY_TAB: KeyBinding = {
  key: 'Escape',
  run: (view) => {
    view.setTabFocusMode(Number.POSITIVE_INFINITY);
    return false;
  },
};
const KEEP_LEAVING: KeyBinding = { key: 'Escape', run: () => true };

/** What somebody who edits CSS can do, and by which keys. */
export const EDITING: Extension = [
  lineNumbers(),
  lintGutter(),
  history(),
  css(),
  syntaxHighlighting(THEME_HIGHLIGHTING),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  autocompletion({ override: [completeTheme], defaultKeymap: false }),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  search({ top: true }),
  EditorView.lineWrapping,
  keymap.of([
    LEAVE_BY_TAB,
    ...completionKeymap,
    { key: 'Tab', run: acceptCompletion },
    ...closeBracketsKeymap,
    ...defaultKeymap,
    ...searchKeymap,
    ...historyKeymap,
    ...lintKeymap,
    indentWithTab,
    KEEP_LEAVING,
  ]),
];
