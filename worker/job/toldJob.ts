import type { RecordingCommand, SentCommand } from '../control/commandStream.ts';

type LayoutListener = (change: unknown) => void;

/** What a job was told so far. A command that comes a second time, after a lost connection, counts once. */
export interface ToldJob {
  /** Its reason is the end reason. */
  readonly stop: AbortController;
  tell(sent: SentCommand): void;
  /** Calls the listener with each change of the layout so far, in order, and from now on. */
  onLayoutChange(listener: LayoutListener): void;
}

export function createToldJob(): ToldJob {
  const stop = new AbortController();
  const known = new Set<string>();
  const changes: unknown[] = [];
  const listeners: LayoutListener[] = [];

  function carryOut(command: RecordingCommand): void {
    if (command.type === 'stop') stop.abort('stopped');
    else {
      changes.push(command.change);
      for (const listener of listeners) listener(command.change);
    }
  }

  return {
    stop,
    tell: ({ id, command }) => {
      if (known.has(id)) return;
      known.add(id);
      carryOut(command);
    },
    onLayoutChange: (listener) => {
      for (const change of changes) listener(change);
      listeners.push(listener);
    },
  };
}
