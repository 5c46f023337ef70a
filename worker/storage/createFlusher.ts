/** If the machine loses its power, what was written after the last flush may be lost. */
const FLUSH_EVERY_MS = 1000;

export interface Flusher {
  /** Notes that something was written, which is flushed to the disk within a second. */
  note(): void;
  /** Resolves when no flush is running, and none will. */
  stop(): Promise<void>;
}

/**
 * Flushes a file to the disk once a second while it is written. A flush runs beside the next writes and never
 * holds them up. One that fails is tried again after the next write, and the last one, when the file is
 * completed, tells its error.
 */
export function createFlusher(flush: () => Promise<void>): Flusher {
  let timer: NodeJS.Timeout | null = null;
  let flushing: Promise<void> | null = null;
  let hasStopped = false;

  function run(): void {
    timer = null;
    if (flushing) note(); // the disk is slow, so this is done again later
    flushing ??= flush()
      .catch(() => {})
      .finally(() => {
        flushing = null;
      });
  }

  function note(): void {
    if (hasStopped) return;
    timer ??= setTimeout(run, FLUSH_EVERY_MS).unref();
  }

  return {
    note,
    stop: async () => {
      hasStopped = true;
      if (timer) clearTimeout(timer);
      await flushing;
    },
  };
}
