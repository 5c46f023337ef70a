import isEqual from 'fast-deep-equal';
import { changedLayout } from '../../shared/layout/layoutChange.ts';
import type { LayoutRequest } from '../../shared/layout/layoutRequest.ts';

/** The layout that a recording has now. Commands change it, and every page that is opened for the recording follows. */
export interface LayoutInUse {
  now(): LayoutRequest;
  /** Calls the listener after each change. */
  listen(listener: () => void): void;
}

/** A layout that can be changed. */
export interface ChangeableLayout extends LayoutInUse {
  /** Throws LayoutChangeError for a change that does not fit; nothing is changed then. */
  change(given: unknown): void;
  /** From now on it is what the other one is. */
  follow(other: LayoutInUse): void;
}

/** Begins with the layout that the job asked for. */
export function createLayoutInUse(first: LayoutRequest): ChangeableLayout {
  const listeners: (() => void)[] = [];
  let layout = first;

  function set(next: LayoutRequest): void {
    if (isEqual(layout, next)) return;
    layout = next;
    for (const listener of listeners) listener();
  }

  return {
    now: () => layout,
    listen: (listener) => void listeners.push(listener),
    change: (given) => set(changedLayout(layout, given)),
    follow: (other) => {
      set(other.now());
      other.listen(() => set(other.now()));
    },
  };
}
