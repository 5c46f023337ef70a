import type { Call, CallSnapshot } from './call.ts';

export interface SnapshotStore extends Call {
  set(snapshot: CallSnapshot): void;
}

/** Holds the latest snapshot of a call and tells who listens. */
export function createSnapshotStore(): SnapshotStore {
  const listeners = new Set<() => void>();
  let current: CallSnapshot = {
    state: { name: 'connecting' },
    participants: [],
  };
  return {
    getSnapshot: () => current,
    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    set(snapshot) {
      current = snapshot;
      for (const listener of listeners) listener();
    },
  };
}
