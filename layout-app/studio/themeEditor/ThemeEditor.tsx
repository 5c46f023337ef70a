import { useEffectEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import { type Editor, type EditorProblem, openEditor } from './openEditor.ts';
import './themeEditor.css';

/** A place in the text at which somebody wants to write. Each object is one wish, although two may be alike. */
export interface Caret {
  /** Offset in characters. */
  readonly at: number;
}

export interface ThemeEditorProps {
  readonly label: string;
  readonly css: string;
  readonly isReadOnly: boolean;
  readonly caret: Caret | null;
  readonly onChange: (css: string) => void;
}

/** More problems than these help nobody at once. */
const LISTED_PROBLEMS = 5;

/** What the editor knew when its panel was left, so that undo goes on when somebody comes back to it. */
let kept: unknown = null;

/** The theme as text, in an editor that knows CSS and our names, and what is wrong with it. */
export function ThemeEditor({ label, css, isReadOnly, caret, onChange }: ThemeEditorProps) {
  const id = useId();
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor>(null);
  const [problems, setProblems] = useState<readonly EditorProblem[]>([]);
  const onText = useEffectEvent(onChange);

  // Layout effects, since a passive one could show a text that is older than what was typed meanwhile.
  // biome-ignore lint/correctness/useExhaustiveDependencies: opened once; the effects below show what changes
  useLayoutEffect(() => {
    const opened = openEditor(place.current as HTMLDivElement, {
      text: css,
      labelledBy: `${id}label`,
      describedBy: `${id}help`,
      kept,
      onText: (text) => onText(text),
      onProblems: setProblems,
    });
    editor.current = opened;
    return () => {
      kept = opened.close();
    };
  }, []);
  useLayoutEffect(() => editor.current?.show(css), [css]);
  useLayoutEffect(() => editor.current?.setReadOnly(isReadOnly), [isReadOnly]);
  useLayoutEffect(() => {
    if (caret) editor.current?.goTo(caret.at);
  }, [caret]);

  return (
    <div className="studio-block">
      <span id={`${id}label`}>{label}</span>
      <div ref={place} className="studio-editor" />
      <p id={`${id}help`} className="studio-help">
        {isReadOnly ? 'Ctrl+F searches.' : 'Ctrl+Space proposes names, Ctrl+F searches, Tab indents. '}
        {!isReadOnly && 'To leave the editor by keyboard, press Escape, then Tab.'}
      </p>
      <Problems problems={problems} goTo={(at) => editor.current?.goTo(at)} />
    </div>
  );
}

function Problems({
  problems,
  goTo,
}: {
  readonly problems: readonly EditorProblem[];
  readonly goTo: (at: number) => void;
}) {
  const more = problems.length - LISTED_PROBLEMS;
  return (
    <div role="status">
      {problems.length > 0 && (
        <ul className="studio-problems">
          {problems.slice(0, LISTED_PROBLEMS).map(({ at, line, column, message, isError }) => (
            <li key={`${at} ${message}`} className={isError ? 'studio-problem' : 'studio-doubt'}>
              <button type="button" onClick={() => goTo(at)}>
                line {line}, column {column}
              </button>
              : {message}
            </li>
          ))}
          {more > 0 && <li>and {more} more, marked in the text</li>}
        </ul>
      )}
    </div>
  );
}
