import { useState } from 'react';
import type { HandedOver } from '../handover.ts';
import { several } from '../parts/format.ts';
import { LayoutGlyph } from '../parts/LayoutGlyph.tsx';
import { messageOf } from '../parts/messageOf.ts';
import { readSettings } from './readSettings.ts';

interface Props {
  readonly settings: HandedOver | null;
  readonly onChange: (settings: HandedOver | null) => void;
}

/** A layout that was made in the studio: handed over by it, or pasted here. */
export function FromStudio({ settings, onChange }: Props) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  if (settings !== null) {
    const { name, options } = settings.layout;
    const own = Object.keys(options ?? {}).length;
    return (
      <div className="handed">
        <LayoutGlyph name={name ?? 'spotlight'} />
        <span>
          Layout <b>{name ?? 'spotlight'}</b> of the studio
          {own > 0 && <>, with {several(own, 'option')} of its own</>}
        </span>
        <button type="button" className="button" onClick={() => onChange(null)}>
          Remove
        </button>
      </div>
    );
  }
  const read = (pasted: string) => {
    setText(pasted);
    setProblem(null);
    if (pasted.trim() === '') return;
    try {
      onChange(readSettings(pasted));
      setText('');
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  return (
    <details className="more">
      <summary>Use a layout from the studio</summary>
      <p className="quiet">
        Make one in the <a href="./studio/">studio</a>, and paste here what it exports: a job as JSON, or its
        link.
      </p>
      <textarea
        aria-label="Job or link of the studio"
        rows={3}
        spellCheck={false}
        value={text}
        onChange={({ target }) => read(target.value)}
      />
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </details>
  );
}
