import { useState } from 'react';
import type { PanelProps } from './panelProps.ts';
import { SNIPPETS } from './snippets.ts';

/** The state as a job, as API calls, and as a link. */
export function ExportPanel({ state }: PanelProps) {
  const [form, setForm] = useState('Job JSON');
  const [told, setTold] = useState('');
  const text = SNIPPETS[form]?.(state) ?? '';
  const copy = async (what: string, content: string) => {
    try {
      await navigator.clipboard.writeText(content);
      setTold(`${what} copied`);
    } catch {
      setTold('This browser does not allow copying here; select the text instead');
    }
  };
  return (
    <>
      <label className="studio-row">
        <span>As</span>
        <select value={form} onChange={({ target }) => setForm(target.value)}>
          {Object.keys(SNIPPETS).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label className="studio-block">
        {form}
        <textarea className="studio-css" rows={22} readOnly value={text} />
      </label>
      <p>
        <button type="button" onClick={() => copy(form, text)}>
          Copy
        </button>{' '}
        <button type="button" onClick={() => copy('Link', location.href)}>
          Copy a link to all this
        </button>
      </p>
      {state.css && !state.cssUrl && (
        <p className="studio-problem">
          The theme is not part of it: put the file on a web server, and its address under Theme.
        </p>
      )}
      <p role="status">{told}</p>
    </>
  );
}
