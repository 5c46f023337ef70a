import { generationOf } from './keptState.ts';
import type { Removal } from './removeInBackground.ts';

/** The objects that hold the end of a file. Each is removed once the parts in which its bytes lie are kept. */
export interface KeptTails {
  /** Bytes were written. The time until the first one is due begins now, if it has not begun. */
  begin(): void;
  isDue(): boolean;
  /** The end is being kept. The time until the next one is due begins now. */
  startOne(): void;
  /** That object holds the end up to there. */
  add(name: string, until: number): void;
  /** The file is kept in parts up to there. */
  partKept(until: number): void;
  /** Another process has kept the end of a file of that length. */
  afterAnother(sizeBytes: number): void;
  /** The file was cut off there. */
  cutOff(sizeBytes: number): void;
}

/**
 * The end of a file is due every so many milliseconds. If `isPartEnough`, that time begins anew with each part that is
 * kept.
 */
export function createKeptTails(given: {
  readonly generation: number;
  readonly everyMs: number;
  readonly isPartEnough: boolean;
  readonly removal: Removal;
}): KeptTails {
  const { generation, everyMs, isPartEnough, removal } = given;
  let tails: { readonly name: string; readonly until: number }[] = [];
  let sinceMs: number | null = null;
  /** How long the file was when another process kept the end of it; null if there is nothing of that left. */
  let earlierUntil: number | null = null;

  return {
    begin: () => {
      sinceMs ??= performance.now();
    },
    isDue: () => sinceMs !== null && performance.now() - sinceMs >= everyMs,
    startOne: () => {
      sinceMs = performance.now();
    },
    add: (name, until) => void tails.push({ name, until }),
    partKept: (until) => {
      if (isPartEnough) sinceMs = performance.now();
      removal.remove(tails.filter((tail) => tail.until <= until).map(({ name }) => name));
      tails = tails.filter((tail) => tail.until > until);
      if (earlierUntil === null || earlierUntil > until) return;
      earlierUntil = null;
      removal.removeThose((name) => name.endsWith('-tail') && generationOf(name) < generation);
    },
    afterAnother: (sizeBytes) => {
      earlierUntil = sizeBytes;
    },
    cutOff: (sizeBytes) => {
      if (earlierUntil !== null) earlierUntil = Math.min(earlierUntil, sizeBytes);
    },
  };
}
