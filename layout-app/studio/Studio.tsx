import { useEffect, useState } from 'react';
import { ExportPanel } from './ExportPanel.tsx';
import { OptionsPanel } from './OptionsPanel.tsx';
import { RecordingBar } from './RecordingBar.tsx';
import { ScenePanel } from './ScenePanel.tsx';
import { Stage } from './Stage.tsx';
import { fromFragment, type StudioState, toFragment } from './studioState.ts';
import { ThemePanel } from './ThemePanel.tsx';

const PANELS = { Scene: ScenePanel, Options: OptionsPanel, Theme: ThemePanel, Export: ExportPanel } as const;
type PanelName = keyof typeof PANELS;

/** Layout, options and theme on simulated people, and what to write into a job for them. */
export function Studio() {
  const [state, setState] = useState(() => fromFragment(location.hash));
  const [panel, setPanel] = useState<PanelName>('Scene');
  const [lookedAt, lookAt] = useState<string | null>(null);
  const change = (part: Partial<StudioState>) => setState((before) => ({ ...before, ...part }));

  // The address is always a link to the current state.
  useEffect(() => history.replaceState(null, '', `#${toFragment(state)}`), [state]);
  useEffect(() => {
    const follow = () => setState(fromFragment(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);

  const Panel = PANELS[panel];
  return (
    <div className="studio">
      <aside className="studio-side">
        <h1>call-compositor studio</h1>
        <RecordingBar state={state} />
        <div className="studio-tabs" role="tablist" aria-label="What to change">
          {(Object.keys(PANELS) as PanelName[]).map((name) => (
            <button
              key={name}
              type="button"
              role="tab"
              aria-selected={name === panel}
              aria-controls="studio-panel"
              onClick={() => setPanel(name)}
            >
              {name}
            </button>
          ))}
        </div>
        <div id="studio-panel" className="studio-panel" role="tabpanel" aria-label={panel}>
          <Panel state={state} change={change} lookedAt={lookedAt} lookAt={lookAt} />
        </div>
      </aside>
      <Stage
        state={state}
        lookedAt={lookedAt}
        lookAt={(className) => {
          lookAt(className);
          if (className !== null) setPanel('Options');
        }}
      />
    </div>
  );
}
