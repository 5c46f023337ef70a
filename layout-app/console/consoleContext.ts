import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Client } from '../../worker/client/api/createClient.ts';
import type { Pictures } from './pictures.ts';
import type { Session } from './session/session.ts';
import type { RecordingStore, Recordings } from './store/recordingStore.ts';

/** What every part of the page needs of a session. */
export interface ConsoleValue {
  readonly session: Session;
  readonly client: Client;
  readonly store: RecordingStore;
  readonly pictures: Pictures;
  /** Whether the session may change anything; what exactly, the server says. */
  readonly mayChange: boolean;
  /** Tells a person that something is done. */
  readonly tell: (message: string) => void;
  /** Tells a person what went wrong; a session that is not valid any more ends. */
  readonly complain: (error: unknown) => void;
}

export const ConsoleContext = createContext<ConsoleValue | null>(null);

export function useConsole(): ConsoleValue {
  const value = useContext(ConsoleContext);
  if (value === null) throw new Error('This part of the page needs a session');
  return value;
}

export function useRecordings(): Recordings {
  const { store } = useConsole();
  return useSyncExternalStore(store.subscribe, store.snapshot);
}
