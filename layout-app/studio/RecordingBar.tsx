import { useEffect, useMemo, useState } from 'react';
import { openClient } from '../console/client.ts';
import { changeFrom, handOver, layoutOf } from '../console/handover.ts';
import { messageOf } from '../console/parts/messageOf.ts';
import { cidOf, isOver, type Recording, type WrittenLayout } from '../console/recording.ts';
import { keptSession } from '../console/session/session.ts';
import type { StudioState } from './studioState.ts';

/** The page of recordings is one folder above the studio, where a server has both. */
const RECORDINGS = '../';

/**
 * Leads from the studio back to the recordings: changes the one whose layout was opened, or starts one with what the
 * studio shows. There is none where nobody is signed in, as in a studio that serves no recordings.
 */
export function RecordingBar({ state }: { readonly state: StudioState }) {
  const session = useMemo(() => keptSession(), []);
  const id = useMemo(() => new URLSearchParams(location.search).get('recording'), []);
  const client = useMemo(
    () => session && openClient(new URL(RECORDINGS, document.baseURI), session),
    [session],
  );
  const [recording, setRecording] = useState<Recording | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    if (client && id)
      client.get(id).then(setRecording, (error) => setTold(`The recording: ${messageOf(error)}`));
  }, [client, id]);
  if (!session || !client) return null;
  const mayChange = session.role !== 'viewer';
  const layout: WrittenLayout = {
    name: state.layout,
    options: state.options,
    external_css_url: state.cssUrl || null,
  };
  const change = async () => {
    if (!recording) return;
    setBusy(true);
    try {
      setRecording(await client.update(recording.id, { layout: changeFrom(layoutOf(recording), layout) }));
      setTold('The recording shows this now.');
    } catch (error) {
      setTold(messageOf(error));
    }
    setBusy(false);
  };
  const start = () => {
    const call = recording ? { call_type: recording.call_type, call_id: recording.call_id } : {};
    handOver({ quality: state.quality, layout, ...call });
    location.assign(`${RECORDINGS}#/start`);
  };
  return (
    <div className="studio-recording">
      <a href={recording ? `${RECORDINGS}#/recordings/${recording.id}` : RECORDINGS}>
        ← {recording ? cidOf(recording) : 'Recordings'}
      </a>
      {mayChange && recording && !isOver(recording) && (
        <button type="button" disabled={isBusy} onClick={change}>
          Change the recording
        </button>
      )}
      {mayChange && (
        <button type="button" onClick={start}>
          Start a recording with this
        </button>
      )}
      <span role="status">{told}</span>
    </div>
  );
}
