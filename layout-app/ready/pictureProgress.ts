/** A tile whose first frame does not come counts as it is after this long. */
export const TILE_PATIENCE_MS = 3_000;
/** How long after joining an empty call may still be waiting for its list of participants. */
export const EMPTY_PATIENCE_MS = 1_000;

export interface PictureState {
  readonly nowMs: number;
  readonly joinedAtMs: number;
  readonly tileKeys: readonly string[];
  readonly paintedKeys: ReadonlySet<string>;
  /** When each tile was first in the picture. */
  readonly seenAtMs: ReadonlyMap<string, number>;
}

export interface PictureProgress {
  readonly isPainted: boolean;
  /** Tiles not waited for any longer. */
  readonly givenUp: readonly string[];
}

/** Whether all of the current picture is painted, as far as it is waited for. */
export function pictureProgress(state: PictureState): PictureProgress {
  const { nowMs, joinedAtMs, tileKeys, paintedKeys, seenAtMs } = state;
  if (tileKeys.length === 0) return { isPainted: nowMs - joinedAtMs >= EMPTY_PATIENCE_MS, givenUp: [] };
  const missing = tileKeys.filter((key) => !paintedKeys.has(key));
  const isGivenUp = (key: string) => nowMs - (seenAtMs.get(key) ?? nowMs) >= TILE_PATIENCE_MS;
  return {
    isPainted: missing.every(isGivenUp),
    givenUp: missing.filter(isGivenUp),
  };
}
