import { createHash } from 'node:crypto';
import { link, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** In the folder of recordings; only the worker's own user can read it. */
const FOLDER = '.transcribing';

/** What is kept on this machine of a recording whose transcript is still to be made. */
export interface SoundPlaces {
  /** A second name of the recording's own bytes, from before it was stored. */
  readonly moviePath: string;
  /** The sound alone, which takes the place of the movie. */
  readonly soundPath: string;
  /** What the service has answered so far. */
  readonly answersPath: string;
}

export function soundPlaces(recordingsDir: string, recordingId: string): SoundPlaces {
  const name = createHash('sha256').update(recordingId).digest('hex').slice(0, 32);
  const path = (extension: string) => join(recordingsDir, FOLDER, `${name}.${extension}`);
  return { moviePath: path('movie'), soundPath: path('sound'), answersPath: path('answers') };
}

/**
 * Gives the bytes of a recording a second name, which they keep when the recording is sent away and its own file is
 * removed. It takes no time and no room. Throws where the file system has no links, or is another one.
 */
export async function keepMovie(recordingsDir: string, recordingId: string, path: string): Promise<void> {
  const { moviePath } = soundPlaces(recordingsDir, recordingId);
  await mkdir(join(recordingsDir, FOLDER), { recursive: true, mode: 0o700 });
  await rm(moviePath, { force: true }); // of an attempt before
  await link(path, moviePath);
}

/** Removes everything that is kept of a recording. */
export async function forgetSound(recordingsDir: string, recordingId: string): Promise<void> {
  const places = Object.values(soundPlaces(recordingsDir, recordingId));
  await Promise.all(places.map((path) => rm(path, { force: true })));
}

/** Removes what was last changed so long ago that nobody can wait for it any more. */
export async function forgetOldSounds(recordingsDir: string, beforeUnixMs: number): Promise<void> {
  const folder = join(recordingsDir, FOLDER);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    const changed = await stat(path).catch(() => null);
    if (changed && changed.mtimeMs < beforeUnixMs) await rm(path, { force: true });
  }
}
