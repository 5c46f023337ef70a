import { useState } from 'react';
import { useRecordings } from '../consoleContext.ts';
import { duration, several } from '../parts/format.ts';
import { messageOf } from '../parts/messageOf.ts';
import { Notice } from '../parts/Notice.tsx';
import { useNow } from '../parts/useNow.ts';
import { cidOf, type WorkerInfo } from '../recording.ts';
import { hashOf } from '../route.ts';
import { useWorkers } from './useWorkers.ts';

/** Who records: what each worker carries, how much room it has left, and which version it is. */
export function Workers() {
  const [problem, setProblem] = useState<unknown>(null);
  const workers = useWorkers(true, setProblem);
  if (workers === null && problem !== null)
    return (
      <main className="workers">
        <Notice kind="wrong" title="The workers could not be loaded">
          <p>{messageOf(problem)}</p>
        </Notice>
      </main>
    );
  if (workers?.length === 0)
    return (
      <main className="workers">
        <Notice title="No worker runs">
          <p>Recordings wait until there is one. On any machine that reaches the same Redis:</p>
          <pre>call-compositor worker</pre>
        </Notice>
      </main>
    );
  const versions = new Set(workers?.map(({ version }) => version));
  return (
    <main className="workers">
      <h1>
        Workers <span className="quiet">{workers?.length}</span>
      </h1>
      {versions.size > 1 && (
        <p className="hint">Workers of different versions run: {[...versions].sort().join(', ')}.</p>
      )}
      <div className="cards">
        {workers?.map((one) => (
          <Worker key={one.id} worker={one} />
        ))}
      </div>
    </main>
  );
}

function Worker({ worker }: { readonly worker: WorkerInfo }) {
  const { byId } = useRecordings();
  const nowMs = useNow();
  const { recordings, others, concurrency, room } = worker;
  const carried = recordings.length + others;
  return (
    <article className="card">
      <header>
        <h2>{worker.host}</h2>
        <span className="badge" data-state={worker.is_leaving ? 'stopping' : 'ready'}>
          {worker.is_leaving ? 'Leaving' : 'Takes jobs'}
        </span>
      </header>
      <p className="quiet">
        Version {worker.version} · runs for {duration((nowMs - Date.parse(worker.started_at)) / 1000)} ·{' '}
        <code>{worker.id}</code>
      </p>
      <div className="meter">
        <span>
          {concurrency === null
            ? several(carried, 'recording')
            : `${carried} of ${several(concurrency, 'recording')}`}
        </span>
        {concurrency !== null && (
          <meter min={0} max={concurrency} high={concurrency - 0.5} optimum={0} value={carried} />
        )}
      </div>
      <p>
        Room left: <b>{room.cores.toFixed(1)}</b> cores, <b>{(room.memory_mib / 1024).toFixed(1)}</b> GiB of
        memory
      </p>
      <ul className="carried">
        {recordings.map((id) => (
          <li key={id}>
            <a href={hashOf({ id })}>{nameOf(byId.get(id)) ?? id}</a>
          </li>
        ))}
        {others > 0 && <li className="quiet">{several(others, 'recording')} of others</li>}
        {carried === 0 && <li className="quiet">It records nothing at the moment.</li>}
      </ul>
    </article>
  );
}

function nameOf(recording: Parameters<typeof cidOf>[0] | undefined): string | null {
  return recording ? cidOf(recording) : null;
}
