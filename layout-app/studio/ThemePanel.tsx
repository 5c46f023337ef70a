import { type ComponentType, lazy, Suspense, useEffect, useState } from 'react';
import { THEME_CLASSES } from '../../shared/layout/themeClasses.ts';
import type { PanelProps } from './panelProps.ts';
import type { Caret, ThemeEditorProps } from './themeEditor/ThemeEditor.tsx';
import { THEMES } from './themes.ts';
import { withRule } from './withRule.ts';

/** The addresses of the file that `studio --css FILE` serves, and of its changes. */
const FILE_ADDRESS = '/studio/theme.css';
const CHANGES_ADDRESS = '/studio/theme-changes';

/** Larger than the rest of the studio, so it is loaded when this panel is opened. */
const ThemeEditor = lazy(loadEditor);

/** Edits a theme, starts one from an example or follows one in a file, and lists the class names. */
export function ThemePanel({ state, change, lookedAt, lookAt }: PanelProps) {
  const followed = useFollowedFile((css) => change({ css }));
  const [caret, setCaret] = useState<Caret | null>(null);
  const addRule = (name: string) => {
    const { css, at } = withRule(state.css, name);
    change({ css });
    setCaret({ at });
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
      <Suspense fallback={<p role="status">The editor is loading …</p>}>
        <ThemeEditor
          label={followed === null ? 'Theme' : `Theme, as ${followed} has it; edit it there`}
          css={state.css}
          isReadOnly={followed !== null}
          caret={caret}
          onChange={(css) => change({ css })}
        />
      </Suspense>
      {state.css !== '' && followed === null && (
        <p>
          <a download="theme.css" href={`data:text/css;charset=utf-8,${encodeURIComponent(state.css)}`}>
            Save as theme.css
          </a>
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

async function loadEditor(): Promise<{ default: ComponentType<ThemeEditorProps> }> {
  try {
    return { default: (await import('./themeEditor/ThemeEditor.tsx')).ThemeEditor };
  } catch {
    return { default: EditorMissing };
  }
}

/** Said where the editor could not be loaded, for example because the studio's server has ended. */
function EditorMissing() {
  return (
    <p className="studio-problem" role="alert">
      The editor could not be loaded. See that the studio still runs, and load this page again: its address
      holds all that you have chosen.
    </p>
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
