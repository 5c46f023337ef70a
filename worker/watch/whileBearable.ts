import { setTimeout as wait } from 'node:timers/promises';
import { pageTooHeavy } from './pageTooHeavy.ts';
import type { Snapshot } from './snapshot.ts';

const LOOK_EVERY_MS = 250;

/** Settles as the given work does, but rejects as soon as the page takes too much of the machine. */
export async function whileBearable<T>(work: Promise<T>, look: () => Snapshot): Promise<T> {
  const done = new AbortController();
  const watching = async (): Promise<never> => {
    for (;;) {
      pageTooHeavy(look());
      await wait(LOOK_EVERY_MS, undefined, { signal: done.signal });
    }
  };
  const tooHeavy = watching();
  tooHeavy.catch(() => {}); // it is told to stop once the work is done
  try {
    return await Promise.race([work, tooHeavy]);
  } finally {
    done.abort();
  }
}
