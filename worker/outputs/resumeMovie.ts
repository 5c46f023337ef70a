import { createMovie } from '../movie/createMovie.ts';
import { holdsMedia } from '../movie/holdsMedia.ts';
import type { Movie, MovieOptions, Piece } from '../movie/movie.ts';
import { messageOf, RecordingError } from '../recordingError.ts';
import type { Sink } from '../storage/storage.ts';
import type { Opened } from './opened.ts';
import { readSink } from './readSink.ts';

/** How long a fragment of an MP4 is at most, in seconds. A cluster of a WebM is as long as its key frames say. */
const FRAGMENT_S = 1;

/**
 * Reads what the files of an encoding hold, and cuts off what is incomplete in one of them. An output whose file
 * cannot be read fails, and so does one that lacks more than what is written at once: it was damaged, and the others
 * must not lose what they hold. What has left this machine cannot be cut off, and is left out of the movie instead.
 */
export async function resumeMovie(options: MovieOptions, group: readonly Opened[]): Promise<Movie> {
  const read = await Promise.all(group.map((one) => readOne(one, options)));
  const lastS = Math.max(0, ...read.map((movie) => (movie ? endOf(movie) : 0)));
  const movies = read.filter((movie, index) => {
    const one = group[index] as Opened;
    const lacksS = movie ? lastS - endOf(movie) : 0;
    if (movie && lacksS > one.request.encoding.keyFrameIntervalS + FRAGMENT_S)
      failAsUnreadable(
        one,
        `it lacks the last ${lacksS.toFixed(1)} s that another file of its encoding holds`,
      );
    else if (movie && lastS > 0 && !holdsMedia(movie.written())) failAsUnreadable(one, 'it holds nothing');
    return movie !== null && one.failure === null;
  });
  const [shortest] = movies.flatMap((movie) => movie ?? []).toSorted((a, b) => a.sizeBytes() - b.sizeBytes());
  if (!shortest) return createMovie(options);
  const alive = group.flatMap(({ sink, failure }) => (sink && failure === null ? [sink] : []));
  const settledBytes = Math.max(...alive.map((sink) => sink.settledBytes));
  const pieces = settledBytes > shortest.sizeBytes() ? shortest.skipTo(settledBytes) : [];
  await Promise.all(alive.map((sink) => endWith(sink, shortest.sizeBytes(), pieces)));
  return shortest;
}

async function endWith(sink: Sink, sizeBytes: number, pieces: readonly Piece[]): Promise<void> {
  await sink.truncate(sizeBytes);
  for (const { bytes, position, headerBytes } of pieces) await sink.write(bytes, position, headerBytes);
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

function endOf(movie: Movie): number {
  const { videoS, audioS } = movie.written();
  return Math.max(videoS, audioS);
}
