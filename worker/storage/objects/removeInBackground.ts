import { setTimeout as wait } from 'node:timers/promises';
import { createRetrier } from './createRetrier.ts';
import type { SideObjects } from './sideObjects.ts';
import { isDenied, isHopeless } from './storeErrors.ts';

const ONE_LIMIT_MS = 60_000;
/** For how long it is tried to remove everything, and how long somebody waits for that. */
const ALL_LIMIT_MS = 60_000;
const LONGEST_WAIT_MS = 1_000;

/** Removes objects that are of no more use. Nothing waits for it, and nothing fails with it. */
export interface Removal {
  remove(names: readonly string[]): void;
  /** Removes those whose names are like that. */
  removeThose(isMeant: (name: string) => boolean): void;
  /** Begins no more of the above. */
  stop(): void;
  /** Removes all. Resolves once that is done, or after a second; the rest is removed later. */
  removeAll(): Promise<void>;
}

export function removeInBackground(objects: SideObjects): Removal {
  let names: string[] = [];
  let removing: Promise<void> | null = null;
  let isOver = false;

  function remove(more: readonly string[]): void {
    names.push(...more);
    if (isOver || removing || names.length === 0) return;
    removing = removeSome().finally(() => {
      removing = null;
    });
  }

  /** What fails is tried again with the next. What is left then is removed with everything else. */
  async function removeSome(): Promise<void> {
    const some = names;
    names = [];
    try {
      await objects.remove(some, AbortSignal.timeout(ONE_LIMIT_MS));
    } catch (error) {
      if (isDenied(error))
        isOver = true; // a key may be allowed to write objects and not to delete them
      else names.push(...some);
    }
  }

  return {
    remove,
    removeThose: (isMeant) => {
      objects.names(AbortSignal.timeout(ONE_LIMIT_MS)).then(
        (all) => remove(all.filter(isMeant)),
        () => {}, // they are removed with everything else
      );
    },
    stop: () => {
      isOver = true;
    },
    removeAll: async () => {
      const tries = createRetrier((error) => isHopeless(error) || isDenied(error));
      tries.giveUpAfter(ALL_LIMIT_MS);
      const done = Promise.resolve(removing).then(() => tries.run(objects.removeAll));
      await Promise.race([done.catch(() => {}), wait(LONGEST_WAIT_MS, undefined, { ref: false })]);
    },
  };
}
