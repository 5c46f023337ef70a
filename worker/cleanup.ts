import pTimeout from 'p-timeout';
import type { Logger } from './log.ts';

const STEP_LIMIT_MS = 10_000;

/**
 * Releases in reverse order of acquisition; whoever acquires something defers its release on the same line.
 * What is deferred once the cleanup has run is released at once: its owner was too late.
 */
export interface Cleanup {
  defer(label: string, release: () => Promise<unknown> | unknown): void;
  run(): Promise<void>;
  /** Whether it has run: what is acquired now would be released at once. */
  isOver(): boolean;
}

/** Each release gets 10 s; one that fails or hangs is logged and never hides the error that came before it. */
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
    const message = `not done after ${STEP_LIMIT_MS} ms`;
    await pTimeout(Promise.resolve().then(release), { milliseconds: STEP_LIMIT_MS, message });
  } catch (error) {
    log.warn({ err: error, label }, 'release failed');
  }
}
