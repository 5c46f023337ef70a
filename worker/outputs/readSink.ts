import type { Movie, MovieOptions } from '../movie/movie.ts';
import { readMovie } from '../movie/readMovie.ts';
import type { Sink } from '../storage/storage.ts';

/** Of a file that is longer, the first bytes were once complete. */
const LONGEST_HEADER_BYTES = 64 * 1024;

/** Reads what the file of a sink holds. Throws for a file that is damaged: it must not be taken for one that holds nothing yet. */
export async function readSink(sink: Sink, options: MovieOptions): Promise<Movie> {
  const movie = await readMovie(sink.localPath, options);
  if (movie.sizeBytes() > 0 || sink.sizeBytes() <= LONGEST_HEADER_BYTES) return movie;
  throw new Error('its first bytes are damaged');
}
