import { setTimeout as wait } from 'node:timers/promises';

/** Writes the newest of what it is given: not more often than every `everyMs` unless it is urgent, and one write at a time. */
export interface LatestWriter<T> {
  /** Resolves once this value, or a newer one, has been written. Rejects where that write fails. An urgent one is not held back. */
  write(value: T, isUrgent?: boolean): Promise<void>;
  /** Notes a value that is written already. */
  keep(value: T): void;
  /** The newest value that was given, written or not. */
  latest(): T | null;
}

/** What is given while a write runs, or sooner than `everyMs` after one, waits; only the newest of it is written. */
export function createLatestWriter<T>(everyMs: number, write: (value: T) => Promise<void>): LatestWriter<T> {
  let latest: { readonly value: T } | null = null;
  let waiting: Promise<void> | null = null;
  let running: Promise<unknown> = Promise.resolve();
  let lastAtMs = Number.NEGATIVE_INFINITY;
  let hurry = new AbortController();

  async function writeNext(): Promise<void> {
    await running;
    const pauseMs = lastAtMs + everyMs - performance.now();
    if (pauseMs > 0) await wait(pauseMs, undefined, { signal: hurry.signal }).catch(() => {});
    hurry = new AbortController();
    waiting = null;
    lastAtMs = performance.now();
    if (latest === null) return;
    const writing = write(latest.value);
    running = writing.catch(() => {});
    await writing;
  }

  return {
    write: (value, isUrgent = false) => {
      latest = { value };
      if (isUrgent) hurry.abort();
      waiting ??= writeNext();
      return waiting;
    },
    keep: (value) => {
      latest = { value };
    },
    latest: () => latest?.value ?? null,
  };
}
