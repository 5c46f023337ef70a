import { open } from 'node:fs/promises';
import { createMovie } from '../../worker/movie/createMovie.ts';
import type { Movie, MovieOptions } from '../../worker/movie/movie.ts';
import { replaceFront } from '../../worker/storage/replaceFront.ts';
import { type Clip, makeSegment } from './makeSegment.ts';

type Segment = Parameters<typeof makeSegment>[1];

/** Writes segments of a clip into an unfinished file. Resolves to what is known of it then. */
export async function writeMovie(
  path: string,
  clip: Clip,
  segments: readonly Segment[],
  movie: Movie = createMovie(optionsFor(clip)),
): Promise<Movie> {
  const file = await open(path, movie.sizeBytes() === 0 ? 'w+' : 'r+');
  try {
    for (const segment of segments) {
      movie.beginSegment();
      await makeSegment(clip, segment, async (bytes, position) => {
        for (const piece of movie.take(bytes, position))
          await file.write(piece.bytes, 0, null, piece.position);
      });
    }
  } finally {
    await file.close();
  }
  return movie;
}

/** Makes an ordinary file of the unfinished one. */
export async function finishMovie(path: string, movie: Movie): Promise<void> {
  const ending = movie.ending();
  if (ending === null) throw new Error(`${path} has no ending`);
  const file = await open(path, 'r+');
  const whole = await replaceFront(file, path, movie.sizeBytes(), ending);
  await whole.file.close();
}

export function optionsFor({ container }: Pick<Clip, 'container'>): MovieOptions {
  return { container, framesPerSecond: 30, maxDurationS: 4 * 3600 };
}
