import type { PauseMode } from '../../shared/events/recordingEvents.ts';
import type { RecordingCommand, SentCommand } from '../control/commandStream.ts';

/** Takes a change, and the id of its command. */
type LayoutListener = (change: unknown, command: string) => void;
/** Takes how the recording is to be paused; null where it is to go on. */
type PauseListener = (mode: PauseMode | null) => void;

/**
 * What a job was told so far. A command that comes a second time, after a lost connection, counts once. Those that come
 * before it is known what was sent earlier are carried out after that, in the order in which they came.
 */
export interface ToldJob {
  /** Its reason is the end reason. */
  readonly stop: AbortController;
  tell(sent: SentCommand): void;
  /** Takes what was sent before this worker listened for the job, oldest first. */
  tellSentEarlier(earlier: readonly SentCommand[]): void;
  /** Calls the listener with each change of the layout so far, in order, and from now on. */
  onLayoutChange(listener: LayoutListener): void;
  /** Calls the listener with the last that was said of a pause, if anything was, and with everything from now on. */
  onPause(listener: PauseListener): void;
}

export function createToldJob(): ToldJob {
  const stop = new AbortController();
  const known = new Set<string>();
  const changes: Parameters<LayoutListener>[] = [];
  const listeners: LayoutListener[] = [];
  const pauseListeners: PauseListener[] = [];
  let paused: PauseMode | null | undefined;
  /** null once it is known what was sent earlier. */
  let heldBack: SentCommand[] | null = [];

  function pause(mode: PauseMode | null): void {
    // A recording that is paused stays paused as it is.
    paused = mode === null ? null : (paused ?? mode);
    for (const listener of pauseListeners) listener(paused);
  }

  function tell(sent: SentCommand): void {
    if (heldBack !== null) heldBack.push(sent);
    else if (!known.has(sent.id)) {
      known.add(sent.id);
      carryOut(sent.command, sent.id);
    }
  }

  function carryOut(command: RecordingCommand, id: string): void {
    switch (command.type) {
      case 'stop':
        stop.abort('stopped');
        break;
      case 'pause':
        pause(command.mode);
        break;
      case 'resume':
        pause(null);
        break;
      case 'change_layout':
        changes.push([command.change, id]);
        for (const listener of listeners) listener(command.change, id);
    }
  }

  return {
    stop,
    tell,
    tellSentEarlier: (earlier) => {
      const later = heldBack ?? [];
      heldBack = null;
      for (const sent of [...earlier, ...later]) tell(sent);
    },
    onLayoutChange: (listener) => {
      for (const change of changes) listener(...change);
      listeners.push(listener);
    },
    onPause: (listener) => {
      if (paused !== undefined) listener(paused);
      pauseListeners.push(listener);
    },
  };
}
