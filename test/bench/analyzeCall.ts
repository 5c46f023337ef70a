import { type CodedFrame, readFrameCodes, type Tile } from './readFrameCodes.ts';
import { mean } from './statistics.ts';

/** What a recording of a call with prepared cameras shows about how it was made. */
export interface CallAnalysis {
  /** Different pictures per second, divided by the rate that was asked for. A picture is a different one if any camera's is. */
  readonly covered: number;
  /** The pictures of one camera that are in the recording, divided by those that it sent; the mean of all cameras. */
  readonly cameraCovered: number;
}

/** Reads the last seconds of a recording of a call. Throws if a camera's number can be read nowhere in it. */
export async function analyzeCall(
  path: string,
  tiles: readonly Tile[],
  { seconds, framesPerSecond = 30 }: { seconds: number; framesPerSecond?: number },
): Promise<CallAnalysis> {
  const frames = await readFrameCodes(path, tiles);
  const beganAtS = Math.max(frames[0]?.atS ?? 0, (frames.at(-1)?.atS ?? 0) - seconds);
  const expected = Math.round(((frames.at(-1)?.atS ?? 0) - beganAtS) * framesPerSecond);
  const news = newsOf(frames, tiles.length).filter(
    (_, index) => (frames[index] as CodedFrame).atS > beganAtS,
  );
  const share = (count: number) => (expected > 0 ? Math.min(1, count / expected) : 0);
  const ofCameras = tiles.map((_, camera) => news.filter((isNew) => isNew[camera]).length);
  const unseen = tiles.findIndex((_, camera) => frames.every(({ codes }) => codes[camera] === null));
  if (unseen >= 0)
    throw new Error(`${path}: no number is seen in tile ${unseen}, ${JSON.stringify(tiles[unseen])}`);
  return {
    covered: share(news.filter((isNew) => isNew.includes(true)).length),
    cameraCovered: mean(ofCameras.map(share)),
  };
}

/** For each picture, and each camera in it: whether its number is another one than before. */
function newsOf(frames: readonly CodedFrame[], cameras: number): boolean[][] {
  const last: (number | null)[] = Array.from({ length: cameras }, () => null);
  return frames.map(({ codes }) =>
    codes.map((code, camera) => {
      const isNew = code !== null && code !== last[camera];
      last[camera] = code ?? (last[camera] as number | null);
      return isNew;
    }),
  );
}
