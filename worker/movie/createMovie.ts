import type { Movie, MovieOptions } from './movie.ts';
import { createMp4Movie } from './mp4/createMp4Movie.ts';
import { createWebMMovie } from './webm/createWebMMovie.ts';

/** A file that begins. */
export function createMovie(options: MovieOptions): Movie {
  return options.container === 'mp4' ? createMp4Movie(options) : createWebMMovie();
}
