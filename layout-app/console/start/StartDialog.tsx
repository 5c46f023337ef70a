import { useState } from 'react';
import { DEFAULT_QUALITY, QUALITIES, type Quality } from '../../../shared/encoding/encodingProfile.ts';
import { useConsole } from '../consoleContext.ts';
import { type HandedOver, takeOver } from '../handover.ts';
import { Dialog } from '../parts/Dialog.tsx';
import { LayoutChoice } from '../parts/LayoutChoice.tsx';
import { useSubmit } from '../parts/useSubmit.ts';
import { cidOf } from '../recording.ts';
import { go } from '../route.ts';
import { FromStudio } from './FromStudio.tsx';

// What the studio has handed over is taken once, also where the dialog is drawn twice.
let taken: HandedOver | null = null;

/** Starts the recording of a call, with settings of its own or those that were made in the studio. */
export function StartDialog() {
  const { client, store, tell } = useConsole();
  const [settings, setSettings] = useState<HandedOver | null>(() => {
    taken = takeOver() ?? taken;
    return taken;
  });
  const [layout, setLayout] = useState('');
  const [isSoundAlone, setSoundAlone] = useState(settings?.audio_only ?? false);
  const close = () => {
    taken = null;
    go({}, 'replace');
  };
  const { problem, isBusy, onSubmit } = useSubmit(async ({ text }) => {
    const chosen = settings?.layout ?? (layout ? { name: layout } : null);
    const job = {
      ...{ call_type: text('type') || 'default', call_id: text('call'), audio_only: isSoundAlone },
      ...(text('quality') && { quality: text('quality') as Quality }),
      ...(chosen && !isSoundAlone && { layout: chosen }),
      ...(text('storage') && { storage: text('storage') }),
    };
    const recording = await store.ask(() => client.start(job));
    taken = null;
    tell(`The recording of ${cidOf(recording)} is started.`);
    go({ id: recording.id }, 'replace');
  });
  return (
    <Dialog title="Start a recording" onClose={close}>
      <form onSubmit={onSubmit}>
        <div className="dialog-body">
          <div className="two">
            <label className="field">
              Call
              <input
                name="call"
                required
                placeholder="standup"
                defaultValue={settings?.call_id}
                spellCheck={false}
                autoFocus
              />
            </label>
            <label className="field">
              Call type
              <input
                name="type"
                placeholder="default"
                defaultValue={settings?.call_type}
                spellCheck={false}
              />
            </label>
          </div>
          <label className="check">
            <input
              type="checkbox"
              checked={isSoundAlone}
              onChange={({ target }) => setSoundAlone(target.checked)}
            />
            Record sound alone
          </label>
          {!isSoundAlone && (
            <>
              {settings === null && (
                <LayoutChoice name="layout" value={layout} isOptional onChange={setLayout} />
              )}
              <FromStudio settings={settings} onChange={setSettings} />
              <label className="field">
                Quality
                <select key={settings?.quality} name="quality" defaultValue={settings?.quality ?? ''}>
                  <option value="">As the call says, or else {DEFAULT_QUALITY}</option>
                  {QUALITIES.map((quality) => (
                    <option key={quality}>{quality}</option>
                  ))}
                </select>
              </label>
            </>
          )}
          <label className="field">
            Storage
            <input name="storage" placeholder="That of the call type" spellCheck={false} />
          </label>
          {problem && (
            <p className="problem" role="alert">
              {problem}
            </p>
          )}
        </div>
        <footer>
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={isBusy}>
            {isBusy ? 'Starting …' : 'Start'}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
