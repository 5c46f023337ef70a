import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileTypeOf } from '../../shared/encoding/encodingProfile.ts';
import type { RecordedFile } from '../../shared/events/recordingEvents.ts';
import type { Movie } from '../movie/movie.ts';
import { readMovie } from '../movie/readMovie.ts';
import { folderStorage } from '../storage/folderStorage.ts';
import { refuseExisting } from '../storage/refuseExisting.ts';
import { readSentMark } from '../storage/sentMark.ts';
import type { Orphan } from './orphan.ts';

/**
 * A recorder that was killed before its first second was complete has written no more than this. The room that it
 * keeps free in the file takes no place on the disk.
 */
const LARGEST_EMPTY_BYTES = 1_048_576;
const BLOCK_BYTES = 512;
/** Only a file without any picture or sound needs them. */
const UNKNOWN = { framesPerSecond: 0, maxDurationS: 0 };

/**
 * Makes an ordinary file of a `.part`, up to where its bytes are complete, and takes `.part` from its name. What was
 * on its way to a bucket goes to the folder `undelivered`. Resolves to null if there was nothing to play in the file
 * and it was removed. Throws if there is nothing to play in it although it is large, and leaves it as it is.
 */
export async function finishLeftFile(
  { place, kind }: Orphan,
  recordingsDir: string,
): Promise<RecordedFile | null> {
  const settledBytes = (await readSentMark(place))?.settledBytes ?? 0;
  if (settledBytes > 0)
    throw new Error(
      `the first ${settledBytes} bytes of ${place} are only in its bucket, as an incomplete upload`,
    );
  const key = basename(place, '.part');
  const container = extname(key) === '.webm' ? 'webm' : 'mp4';
  const movie = await readMovie(place, { container, ...UNKNOWN });
  const { videoS, audioS, frames } = movie.written();
  const { mediaType } = fileTypeOf({ container }, videoS === 0);
  const durationS = Math.max(videoS, audioS);
  if (durationS === 0) return removeEmpty(place);
  const kept = join(resolve(recordingsDir), 'undelivered', key);
  if (kind === 'spool') await refuseExisting(kept);
  const stored = await finish(dirname(place), { key, mediaType }, movie);
  if (kind === 'spool') await move(stored.location, kept);
  return {
    name: 'recording',
    file: kind === 'spool' ? kept : stored.location,
    media_type: mediaType,
    size_bytes: stored.sizeBytes,
    duration_s: Math.round(durationS * 1000) / 1000,
    frames,
    dropped_frames: 0,
    error: null,
  };
}

/** From here on, a process that was only suspended can no longer write to the file. */
async function finish(folder: string, file: { key: string; mediaType: string }, movie: Movie) {
  const sink = await folderStorage(folder).resume(file);
  try {
    if (movie.sizeBytes() < sink.sizeBytes()) await sink.truncate(movie.sizeBytes());
    return await sink.finish(movie.ending());
  } finally {
    await sink.close();
  }
}

async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await rename(from, to);
}

async function removeEmpty(place: string): Promise<null> {
  const writtenBytes = (await stat(place)).blocks * BLOCK_BYTES;
  if (writtenBytes > LARGEST_EMPTY_BYTES) {
    throw new Error(
      `${place} has ${writtenBytes} bytes, but nothing in them can be played; look at it, and delete it`,
    );
  }
  for (const path of [place, `${place}.json`, `${place}.owner`]) await rm(path, { force: true });
  return null;
}
