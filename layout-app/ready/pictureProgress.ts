/** If a tile has no first frame after this time, the recording no longer waits for it. */
export const TILE_PATIENCE_MS = 3_000;
/** An empty call counts as painted this long after joining: before that, its list of participants may still come. */
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
  /** Keys of the tiles that are not waited for any longer. */
  readonly givenUp: readonly string[];
}

/** Whether every tile of the current picture is painted, except those that are not waited for any longer. */
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
