import { useEffect, useRef, useState } from 'react';
import { useConsole, useRecordings } from '../consoleContext.ts';
import { layoutOf } from '../handover.ts';
import { moment } from '../parts/format.ts';
import { messageOf } from '../parts/messageOf.ts';
import { Notice } from '../parts/Notice.tsx';
import { StateBadge } from '../parts/StateBadge.tsx';
import { isOver, type Recording, starterOf } from '../recording.ts';
import { hashOf } from '../route.ts';
import { isSessionOver } from '../session/isSessionOver.ts';
import type { Filter } from '../store/recordingStore.ts';
import { Actions } from './Actions.tsx';
import { EventList } from './EventList.tsx';
import { Facts } from './Facts.tsx';
import { Finished } from './Finished.tsx';
import { LayoutChange } from './LayoutChange.tsx';
import { Live } from './Live.tsx';
import { Warnings } from './Warnings.tsx';

interface Props {
  readonly id: string;
  /** To which list one goes back. */
  readonly filter: Filter;
}

/** All that is known of one recording, and what can be done with it. */
export function RecordingView({ id, filter }: Props) {
  const { store, complain } = useConsole();
  const { byId } = useRecordings();
  const [problem, setProblem] = useState<unknown>(null);
  const recording = byId.get(id);
  useEffect(() => {
    store.open(id).catch((error) => {
      setProblem(error);
      if (isSessionOver(error)) complain(error);
    });
  }, [store, id, complain]);
  const title = useRef<HTMLHeadingElement>(null);
  const isThere = recording !== undefined;
  // Who comes here by keyboard or with a screen reader goes on at the recording.
  useEffect(() => {
    if (isThere) title.current?.focus({ preventScroll: true });
  }, [isThere]);
  if (!recording)
    return (
      <article className="one">
        <a className="back" href={hashOf({ filter })}>
          ← Recordings
        </a>
        {problem !== null && (
          <Notice kind="wrong" title="There is no such recording">
            <p>{messageOf(problem)}</p>
            <p>It may have been deleted, or belong to somebody else.</p>
          </Notice>
        )}
      </article>
    );
  return (
    <article className="one" aria-labelledby="one-title">
      <header className="one-head">
        <a className="back" href={hashOf({ filter })} aria-label="Back to the list">
          ←
        </a>
        <div className="one-name">
          <h1 id="one-title" ref={title} tabIndex={-1}>
            {recording.call_id}
          </h1>
          <p className="quiet">
            {recording.call_type} · {moment(recording.created_at)} · {startedBy(recording)}
          </p>
        </div>
        <StateBadge state={recording.state} />
        <Actions recording={recording} filter={filter} />
      </header>
      {isOver(recording) ? <Finished recording={recording} /> : <Live recording={recording} />}
      <Facts recording={recording} />
      {!isOver(recording) && recording.state !== 'stopping' && (
        <LayoutChange key={JSON.stringify(layoutOf(recording))} recording={recording} />
      )}
      <Warnings warnings={recording.warnings} />
      <EventList recording={recording} />
    </article>
  );
}

function startedBy(recording: Recording): string {
  const who = starterOf(recording);
  return who.startsWith('started') ? who : `started by ${who}`;
}
