import { useState } from 'react';
import { useConsole } from '../consoleContext.ts';
import { studioAddress } from '../handover.ts';
import { Confirm } from '../parts/Confirm.tsx';
import { cidOf, isOver, type Recording } from '../recording.ts';
import { go } from '../route.ts';
import type { Filter } from '../store/recordingStore.ts';
import { savedAs } from './Finished.tsx';

interface Props {
  readonly recording: Recording;
  readonly filter: Filter;
}

/** What can be done with a recording as it is now. */
export function Actions({ recording, filter }: Props) {
  const { client, store, mayChange, tell, complain } = useConsole();
  const [asked, ask] = useState<'stop' | 'delete' | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { id, state, files } = recording;
  const run = async (action: () => Promise<Recording>, done: string) => {
    setBusy(true);
    try {
      await store.ask(action);
      tell(done);
    } catch (error) {
      complain(error);
    }
    setBusy(false);
  };
  const remove = async () => {
    try {
      await client.delete(id);
      go({ filter });
      store.forget(id);
      tell(`The recording of ${cidOf(recording)} is deleted.`);
    } catch (error) {
      complain(error);
    }
  };
  const studio = studioAddress(recording);
  const [file] = files;
  return (
    <div className="actions">
      {mayChange && state === 'recording' && (
        <button
          type="button"
          className="button"
          disabled={isBusy}
          onClick={() => run(() => client.pause(id), 'It pauses now.')}
        >
          Pause
        </button>
      )}
      {mayChange && state === 'paused' && (
        <button
          type="button"
          className="button primary"
          disabled={isBusy}
          onClick={() => run(() => client.resume(id), 'It goes on now.')}
        >
          Resume
        </button>
      )}
      {mayChange && !isOver(recording) && state !== 'stopping' && (
        <button type="button" className="button danger" disabled={isBusy} onClick={() => ask('stop')}>
          Stop
        </button>
      )}
      {file && (
        <a className="button primary" href={file.url} download={savedAs(recording, file)}>
          Download
        </a>
      )}
      {studio && (
        <a className="button" href={studio}>
          Open in studio
        </a>
      )}
      {mayChange && isOver(recording) && (
        <button type="button" className="button" onClick={() => ask('delete')}>
          Delete
        </button>
      )}
      {asked === 'stop' && (
        <Confirm
          title={`Stop the recording of ${recording.call_id}?`}
          action="Stop it"
          onConfirm={() => run(() => client.stop(id), 'It stops, and its file is stored.')}
          onClose={() => ask(null)}
        >
          <p>It ends now, and its file is stored. A stopped recording cannot go on.</p>
        </Confirm>
      )}
      {asked === 'delete' && (
        <Confirm
          title={`Delete the recording of ${recording.call_id}?`}
          action="Delete it"
          onConfirm={remove}
          onClose={() => ask(null)}
        >
          <p>
            {files.length === 0
              ? 'Its record is deleted.'
              : 'Its files are deleted from their storage, and its record with them.'}{' '}
            This cannot be taken back.
          </p>
        </Confirm>
      )}
    </div>
  );
}
