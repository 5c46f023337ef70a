import { useEffect } from 'react';
import { useConsole } from '../consoleContext.ts';
import { RecordingView } from '../one/RecordingView.tsx';
import type { Filter } from '../store/recordingStore.ts';
import { Filters } from './Filters.tsx';
import { RecordingList } from './RecordingList.tsx';

interface Props {
  /** The recording that is looked at. */
  readonly id: string | null;
  readonly filter: Filter;
}

/** Once somebody has stopped typing for this long, the server is asked. */
const TYPED_MS = 250;

/** The list of recordings, and beside it the one that is looked at; on a phone, only that one. */
export function RecordingsPlace({ id, filter }: Props) {
  const { store } = useConsole();
  const { call, state, from, until } = filter;
  useEffect(() => {
    const timer = setTimeout(() => store.look({ call, state, from, until }), call ? TYPED_MS : 0);
    return () => clearTimeout(timer);
  }, [store, call, state, from, until]);
  return (
    <main className="recordings" data-one={id !== null}>
      <section className="list" aria-label="Recordings">
        <Filters filter={filter} id={id} />
        <RecordingList filter={filter} id={id} />
      </section>
      {id !== null && <RecordingView key={id} id={id} filter={filter} />}
    </main>
  );
}
