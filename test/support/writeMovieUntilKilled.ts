import { setTimeout as wait } from 'node:timers/promises';
import { createMovie } from '../../worker/movie/createMovie.ts';
import { type Clip, makeClip, makeSegment } from './makeSegment.ts';
import { optionsFor } from './writeMovie.ts';
import { type StorageRecipe, storageOf } from './writeUntilKilled.ts';

/** What the program tells on each line. */
export interface Told {
  readonly unfinished: ReturnType<Awaited<ReturnType<ReturnType<typeof storageOf>['open']>>['unfinished']>;
  readonly videoS: number;
}

/** How a test clip is made whose MP4 has about 2 MB in a second. */
export function makeLargeClip(path: string): Promise<Clip> {
  const options = ['-preset', 'ultrafast', '-vf', 'noise=alls=40:allf=t', '-qp', '14'];
  return makeClip(path, 'mp4', '320x180', options);
}

/**
 * A program that writes a movie into a storage until it is killed: `recipe key clipPath secondsPerSecond`. After
 * each piece it prints what it would tell another process.
 */
export async function main([, , recipe, key, clipPath, pace]: readonly string[]): Promise<void> {
  const storage = storageOf(JSON.parse(String(recipe)) as StorageRecipe);
  const clip = await makeLargeClip(String(clipPath));
  const sink = await storage.open({ key: String(key), mediaType: 'video/mp4' });
  const movie = createMovie(optionsFor(clip));
  let startedMs = Number.NEGATIVE_INFINITY;
  await makeSegment(clip, { startS: 0, endS: 600 }, async (bytes, position) => {
    for (const piece of movie.take(bytes, position)) {
      await sink.write(piece.bytes, piece.position, piece.headerBytes);
      const { videoS } = movie.written();
      const told: Told = { unfinished: sink.unfinished(), videoS };
      process.stdout.write(`${JSON.stringify(told)}\n`);
      // A writer that was held up does not catch up: then more would be lost than was written in that time.
      startedMs = Math.max(startedMs, performance.now() - (videoS / Number(pace)) * 1000);
      await wait(startedMs + (videoS / Number(pace)) * 1000 - performance.now());
    }
  });
}
