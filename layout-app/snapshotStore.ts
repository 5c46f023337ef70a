/** A value that changes, in the shape that React's useSyncExternalStore takes. */
export interface SnapshotStore<T> {
  getSnapshot(): T;
  /** Calls back on every change, until the returned function is called. */
  subscribe(onChange: () => void): () => void;
  set(snapshot: T): void;
}

/** Holds the latest snapshot, and tells its listeners when there is a new one. */
export function createSnapshotStore<T>(first: T): SnapshotStore<T> {
  const listeners = new Set<() => void>();
  let current = first;
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
