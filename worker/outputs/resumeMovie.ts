import { createMovie } from '../movie/createMovie.ts';
import { holdsMedia } from '../movie/holdsMedia.ts';
import type { Movie, MovieOptions } from '../movie/movie.ts';
import { messageOf, RecordingError } from '../recordingError.ts';
import type { Opened } from './opened.ts';
import { readSink } from './readSink.ts';

/**
 * Reads what the files of an encoding hold, and cuts off what is incomplete in one of them. An output whose file
 * cannot be read fails, and so does one that holds nothing while another holds something.
 */
export async function resumeMovie(options: MovieOptions, group: readonly Opened[]): Promise<Movie> {
  const read = await Promise.all(group.map((one) => readOne(one, options)));
  const isAnyHeld = read.some((movie) => movie && holdsMedia(movie.written()));
  const movies = read.filter((movie, index) => {
    if (movie && isAnyHeld && !holdsMedia(movie.written()))
      failAsUnreadable(group[index] as Opened, 'it holds nothing');
    return movie !== null && group[index]?.failure === null;
  });
  const [shortest] = movies.flatMap((movie) => movie ?? []).toSorted((a, b) => a.sizeBytes() - b.sizeBytes());
  if (!shortest) return createMovie(options);
  const alive = group.filter(({ failure }) => failure === null);
  await Promise.all(alive.map(({ sink }) => sink?.truncate(shortest.sizeBytes())));
  return shortest;
}

/** Resolves to null if the output has failed, now or before. */
async function readOne(one: Opened, options: MovieOptions): Promise<Movie | null> {
  if (one.sink === null || one.failure) return null;
  try {
    return await readSink(one.sink, options);
  } catch (error) {
    failAsUnreadable(one, messageOf(error));
    return null;
  }
}

function failAsUnreadable(one: Opened, why: string): void {
  const message = `${one.sink?.localPath} cannot be gone on with: ${why}. It is kept as it is`;
  one.failure = new RecordingError('storage_failed', message);
}
