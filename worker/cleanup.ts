import pTimeout from 'p-timeout';
import type { Logger } from './log.ts';

const STEP_LIMIT_MS = 10_000;

/**
 * Releases in reverse order of acquisition. Whoever acquires something defers its release on the same line. A
 * release that is deferred after the cleanup has run is run at once, because its owner was too late.
 */
export interface Cleanup {
  defer(label: string, release: () => Promise<unknown> | unknown): void;
  run(): Promise<void>;
  /** Whether the cleanup has run. What is acquired after that would be released at once. */
  isOver(): boolean;
}

/**
 * Each release may take 10 s. One that fails or hangs is logged, and never hides the error that came before
 * it.
 */
export function createCleanup(log: Logger): Cleanup {
  const releases: {
    label: string;
    release: () => Promise<unknown> | unknown;
  }[] = [];
  let hasRun = false;
  return {
    defer: (label, release) => {
      if (hasRun) void releaseOne({ label, release }, log);
      else releases.push({ label, release });
    },
    isOver: () => hasRun,
    run: async () => {
      hasRun = true;
      for (let next = releases.pop(); next; next = releases.pop()) await releaseOne(next, log);
    },
  };
}

async function releaseOne(
  { label, release }: { label: string; release: () => Promise<unknown> | unknown },
  log: Logger,
): Promise<void> {
  try {
    const message = `was not done after ${STEP_LIMIT_MS} ms`;
    await pTimeout(Promise.resolve().then(release), { milliseconds: STEP_LIMIT_MS, message });
  } catch (error) {
    log.warn({ err: error, label }, 'release failed');
  }
}
