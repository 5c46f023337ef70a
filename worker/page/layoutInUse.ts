import isEqual from 'fast-deep-equal';
import {
  changedLayout,
  layoutAsWritten,
  type WrittenLayout,
  writtenLayout,
} from '../../shared/layout/layoutChange.ts';
import type { LayoutRequest } from '../../shared/layout/layoutRequest.ts';

/** A layout that a recording was told to have, for the worker that goes on with it. It is JSON. */
export interface KeptLayout {
  readonly written: WrittenLayout;
  /** The id of the last command that is in it. */
  readonly command: string;
}

/** The layout that a recording has now. Commands change it, and every page that is opened for the recording follows. */
export interface LayoutInUse {
  now(): LayoutRequest;
  /** Calls the listener after each change. */
  listen(listener: () => void): void;
  /** Null as long as nothing was changed. */
  toKeep(): KeptLayout | null;
}

/** A layout that can be changed. */
export interface ChangeableLayout extends LayoutInUse {
  /**
   * Makes the change that the command with this id asks for. Throws LayoutChangeError for one that does not fit; nothing is
   * changed then.
   */
  change(given: unknown, command: string): void;
  /** From now on it is what the other one is. */
  follow(other: LayoutInUse): void;
}

/**
 * Begins with the layout that the job asked for, or with what an earlier worker has kept of its changes. Throws
 * LayoutChangeError where that does not fit the job.
 */
export function createLayoutInUse(first: LayoutRequest, kept: KeptLayout | null = null): ChangeableLayout {
  const listeners: (() => void)[] = [];
  let layout = kept === null ? first : layoutAsWritten(first, kept.written);
  let last = kept?.command ?? null;

  function set(next: LayoutRequest): void {
    if (isEqual(layout, next)) return;
    layout = next;
    for (const listener of listeners) listener();
  }

  return {
    now: () => layout,
    listen: (listener) => void listeners.push(listener),
    toKeep: () => (last === null ? null : { written: writtenLayout(layout), command: last }),
    change: (given, command) => {
      const next = changedLayout(layout, given);
      last = command;
      set(next);
    },
    follow: (other) => {
      set(other.now());
      other.listen(() => set(other.now()));
    },
  };
}
