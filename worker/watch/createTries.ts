const MOST_TRIES = 3;
const WITHIN_MS = 60_000;
/** How long to wait before each try: a page or a server that has just gone down needs a moment. */
const WAITS_MS = [0, 1_000, 3_000] as const;

/** Counts how often a recording was taken up again. */
export interface Tries {
  /**
   * Begins another try. Returns how long to wait before it, in milliseconds, or null if there were three within
   * the last minute, or three in a row without a picture, however long each of them took. `hadPicture` tells of the
   * segment that has just failed.
   */
  next(nowMs: number, hadPicture: boolean): number | null;
}

export function createTries(): Tries {
  let triedAtMs: number[] = [];
  let withoutPicture = 0;
  return {
    next: (nowMs, hadPicture) => {
      withoutPicture = hadPicture ? 0 : withoutPicture + 1;
      triedAtMs = triedAtMs.filter((at) => nowMs - at < WITHIN_MS);
      if (triedAtMs.length >= MOST_TRIES || withoutPicture >= MOST_TRIES) return null;
      triedAtMs.push(nowMs);
      return WAITS_MS[triedAtMs.length - 1] ?? 0;
    },
  };
}
