import { open } from 'node:fs/promises';
import { fileReader } from './fileReader.ts';
import type { Movie, MovieOptions } from './movie.ts';
import { readMp4Movie } from './mp4/readMp4Movie.ts';
import { readWebMMovie } from './webm/readWebMMovie.ts';

/**
 * Reads the movie in the file at `path`, up to where its bytes are complete. The bytes alone suffice, whoever
 * wrote them. If they end before the first picture, the movie is empty and can begin anew.
 */
export async function readMovie(path: string, options: MovieOptions): Promise<Movie> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const read = options.container === 'mp4' ? readMp4Movie : readWebMMovie;
    return await read(fileReader(file, size), options);
  } finally {
    await file.close();
  }
}
