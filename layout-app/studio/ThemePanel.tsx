import { useEffect, useRef, useState } from 'react';
import { stylesheetProblem } from '../../shared/layout/stylesheetProblem.ts';
import { THEME_CLASSES } from '../../shared/layout/themeClasses.ts';
import type { PanelProps } from './panelProps.ts';
import { THEMES } from './themes.ts';

/** The addresses of the file that `studio --css FILE` serves, and of its changes. */
const FILE_ADDRESS = '/studio/theme.css';
const CHANGES_ADDRESS = '/studio/theme-changes';

/** Edits a theme, starts one from an example or follows one in a file, and lists the class names. */
export function ThemePanel({ state, change, lookedAt, lookAt }: PanelProps) {
  const followed = useFollowedFile((css) => change({ css }));
  const problem = stylesheetProblem(state.css);
  const text = useRef<HTMLTextAreaElement>(null);
  const addRule = (name: string) => {
    const css = `${state.css.trimEnd()}\n\n.${name} {\n  \n}\n`.trimStart();
    change({ css });
    const inside = css.length - '\n}\n'.length;
    // Waits until the text is there.
    setTimeout(() => {
      text.current?.focus();
      text.current?.setSelectionRange(inside, inside);
    });
  };
  return (
    <>
      <label className="studio-row">
        <span>Start from</span>
        <select
          value=""
          onChange={({ target }) => change({ css: THEMES[target.value] ?? '' })}
          disabled={followed !== null}
        >
          <option value="">choose …</option>
          {Object.keys(THEMES).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label className="studio-block">
        {followed === null ? 'Theme' : `Theme, as ${followed} has it; edit it there`}
        <textarea
          ref={text}
          className="studio-css"
          rows={16}
          spellCheck={false}
          value={state.css}
          readOnly={followed !== null}
          onChange={({ target }) => change({ css: target.value })}
        />
      </label>
      {state.css !== '' && followed === null && (
        <p>
          <a download="theme.css" href={`data:text/css;charset=utf-8,${encodeURIComponent(state.css)}`}>
            Save as theme.css
          </a>
        </p>
      )}
      {problem && (
        <p className="studio-problem" role="status">
          {problem}
        </p>
      )}
      <label className="studio-block">
        Its address, for the job
        <input
          type="url"
          placeholder="https://…/theme.css"
          value={state.cssUrl}
          onChange={({ target }) => change({ cssUrl: target.value })}
        />
      </label>
      <h2>Class names</h2>
      <p className="studio-help">Choose one to see where it is, and under Options what touches it.</p>
      <ul className="studio-classes">
        {THEME_CLASSES.map(({ name, help }) => (
          <li key={name}>
            <button
              type="button"
              aria-pressed={name === lookedAt}
              onClick={() => lookAt(name === lookedAt ? null : name)}
            >
              .{name}
            </button>
            <span>{help}</span>{' '}
            {followed === null && (
              <button
                type="button"
                className="studio-add"
                aria-label={`Add a rule for ${name}`}
                onClick={() => addRule(name)}
              >
                Add a rule
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

/** The name of the file that the studio follows, or null. Calls back with its text, and again when it changes. */
function useFollowedFile(onText: (css: string) => void): string | null {
  const [name, setName] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: opened once
  useEffect(() => {
    const load = async () => {
      const answer = await fetch(FILE_ADDRESS, { cache: 'no-store' }).catch(() => null);
      const file = answer?.headers.get('x-theme-file');
      if (!answer?.ok || !file) return false;
      setName(file);
      onText(await answer.text());
      return true;
    };
    let changes: EventSource | null = null;
    let isOver = false;
    load().then((isThere) => {
      if (!isThere || isOver) return;
      changes = new EventSource(CHANGES_ADDRESS);
      changes.onmessage = load;
    });
    return () => {
      isOver = true;
      changes?.close();
    };
  }, []);
  return name;
}
