import { useCallback, useEffect, useMemo, useState } from 'react';
import { openClient } from './client.ts';
import { ConsoleContext } from './consoleContext.ts';
import { endDashboard } from './dashboard.ts';
import { RecordingsPlace } from './list/RecordingsPlace.tsx';
import { messageOf } from './parts/messageOf.ts';
import { openPictures } from './pictures.ts';
import { useRoute } from './route.ts';
import { isSessionOver } from './session/isSessionOver.ts';
import type { Session } from './session/session.ts';
import { StartDialog } from './start/StartDialog.tsx';
import { createRecordingStore } from './store/recordingStore.ts';
import { TopBar } from './TopBar.tsx';
import { Workers } from './workers/Workers.tsx';

interface Props {
  readonly session: Session;
  readonly onLeave: (why: string | null) => void;
}

interface Told {
  readonly text: string;
  readonly isWrong: boolean;
}

/** How long a message is shown, in ms: long enough to read two lines. */
const TOLD_FOR_MS = 6_000;

/** All that somebody sees who is signed in. */
export function Home({ session, onLeave }: Props) {
  const { place, id, filter } = useRoute();
  const [told, setTold] = useState<Told | null>(null);
  const complain = useCallback(
    (error: unknown) => {
      if (isSessionOver(error)) onLeave(messageOf(error));
      else setTold({ text: messageOf(error), isWrong: true });
    },
    [onLeave],
  );
  const opened = useMemo(() => open(session, complain), [session, complain]);
  useEffect(() => opened.close, [opened]);
  useEffect(() => {
    if (told === null) return;
    const timer = setTimeout(() => setTold(null), TOLD_FOR_MS);
    return () => clearTimeout(timer);
  }, [told]);
  const value = useMemo(
    () => ({
      ...{ session, complain, client: opened.client, store: opened.store, pictures: opened.pictures },
      mayChange: session.role !== 'viewer',
      tell: (text: string) => setTold({ text, isWrong: false }),
    }),
    [session, opened, complain],
  );
  return (
    <ConsoleContext value={value}>
      <div className="home">
        <TopBar
          place={place}
          onLeave={() => {
            endDashboard(session);
            onLeave(null);
          }}
        />
        {place === 'workers' ? <Workers /> : <RecordingsPlace id={id} filter={filter} />}
        {place === 'start' && <StartDialog />}
        <div className="told" role="status">
          {told && <p data-wrong={told.isWrong}>{told.text}</p>}
        </div>
      </div>
    </ConsoleContext>
  );
}

function open(session: Session, onSessionOver: (error: unknown) => void) {
  const client = openClient(new URL('.', document.baseURI), session);
  const store = createRecordingStore(client, { isUser: session.role === 'user', onSessionOver });
  const pictures = openPictures(client, onSessionOver);
  const close = () => {
    store.close();
    pictures.close();
  };
  return { client, store, pictures, close };
}
