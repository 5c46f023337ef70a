import { historyField, isolateHistory } from '@codemirror/commands';
import { type Diagnostic, linter } from '@codemirror/lint';
import { Annotation, Compartment, EditorState, type EditorStateConfig, type Text } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { EDITING } from './editing.ts';
import { findThemeProblems } from './findThemeProblems.ts';

/** How long nobody types before the text is read for problems, in milliseconds. */
const IDLE_MS = 400;

export interface EditorProblem {
  readonly message: string;
  readonly isError: boolean;
  /** Where it begins: the offset in characters, and the line and the column, which count from one. */
  readonly at: number;
  readonly line: number;
  readonly column: number;
}

export interface EditorSettings {
  readonly text: string;
  /** The ids of the elements that name the editor and that describe it, for screen readers. */
  readonly labelledBy: string;
  readonly describedBy: string;
  /** What `close` returned for the editor that goes on in this one: its caret and what can be undone. */
  readonly kept: unknown;
  /** Told of every change that somebody makes in the editor; not of those by `show`. */
  readonly onText: (text: string) => void;
  readonly onProblems: (problems: readonly EditorProblem[]) => void;
}

export interface Editor {
  /** Shows another text, as one step that can be undone. */
  show(text: string): void;
  setReadOnly(isReadOnly: boolean): void;
  /** Puts the caret at an offset and the focus into the editor. */
  goTo(at: number): void;
  /** Returns what an editor that is opened later needs to go on. */
  close(): unknown;
}

/** What is kept beside text and selection. */
const KEPT = { history: historyField };

const fromOutside = Annotation.define<true>();

/** Opens an editor of CSS in an element: colours, completion, marks at problems, undo, search. */
export function openEditor(parent: HTMLElement, settings: EditorSettings): Editor {
  const readOnly = new Compartment();
  const shade = new Compartment();
  const darkness = matchMedia('(prefers-color-scheme: dark)');
  const config: EditorStateConfig = {
    doc: settings.text,
    extensions: [
      readOnly.of([]),
      shade.of(EditorView.darkTheme.of(darkness.matches)),
      EDITING,
      linter(({ state }) => tellProblems(state, settings), { delay: IDLE_MS }),
      EditorView.contentAttributes.of({
        'aria-labelledby': settings.labelledBy,
        'aria-describedby': settings.describedBy,
      }),
      EditorView.updateListener.of(({ docChanged, state, transactions }) => {
        const isOwn = transactions.some((one) => one.docChanged && !one.annotation(fromOutside));
        if (docChanged && isOwn) settings.onText(state.doc.toString());
      }),
    ],
  };
  const state = settings.kept
    ? EditorState.fromJSON(settings.kept, config, KEPT)
    : EditorState.create(config);
  const view = new EditorView({ parent, state });
  const stopFollowing = followShade(darkness, shade, view);
  const show = (text: string) => {
    const changes = changeTo(view.state.doc, view.state.toText(text));
    if (changes) view.dispatch({ changes, annotations: [fromOutside.of(true), isolateHistory.of('full')] });
  };
  show(settings.text);
  return {
    show,
    setReadOnly: (isReadOnly) =>
      view.dispatch({ effects: readOnly.reconfigure(EditorState.readOnly.of(isReadOnly)) }),
    goTo: (at) => {
      view.dispatch({ selection: { anchor: Math.min(at, view.state.doc.length) }, scrollIntoView: true });
      view.focus();
    },
    close: () => {
      stopFollowing();
      const kept = view.state.toJSON(KEPT);
      view.destroy();
      return kept;
    },
  };
}

/** What the library itself colours has a light and a dark form; ours has both in its stylesheet. Returns how to stop. */
function followShade(darkness: MediaQueryList, shade: Compartment, view: EditorView): () => void {
  const follow = () =>
    view.dispatch({ effects: shade.reconfigure(EditorView.darkTheme.of(darkness.matches)) });
  darkness.addEventListener('change', follow);
  return () => darkness.removeEventListener('change', follow);
}

function tellProblems(state: EditorState, { onProblems }: EditorSettings): readonly Diagnostic[] {
  const found = findThemeProblems(state);
  const placed = found.map(({ from, message, severity }) => {
    const { number, from: start } = state.doc.lineAt(from);
    return { message, isError: severity === 'error', at: from, line: number, column: from - start + 1 };
  });
  onProblems(placed);
  return found;
}

/** What makes one text the other, leaving alone what both begin and end with, so that caret and scroll stay; null for nothing. */
function changeTo(before: Text, after: Text): { from: number; to: number; insert: string } | null {
  if (before.eq(after)) return null;
  const [old, text] = [before.toString(), after.toString()];
  const shorter = Math.min(old.length, text.length);
  let start = 0;
  while (start < shorter && old[start] === text[start]) start++;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === text.at(-1 - end)) end++;
  return { from: start, to: old.length - end, insert: text.slice(start, text.length - end) };
}
