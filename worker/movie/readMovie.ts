import type { MovieOptions } from './createMovie.ts';
import { createMovie } from './createMovie.ts';
import type { Movie } from './movie.ts';

/** The movie in the file at `path`, up to where its bytes are complete. */
export async function readMovie(_path: string, options: MovieOptions): Promise<Movie> {
  return createMovie(options);
}
