import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exists } from '../exists.ts';
import { messageOf } from '../recordingError.ts';
import { extractSound } from './extractSound.ts';
import type { SoundPlaces } from './keptSound.ts';
import { TranscriptError } from './transcriptError.ts';

/**
 * Finds the sound of a recording on this machine, as a file of its own: what was made of it before, what was kept of the
 * recording, or the stored file itself, which `storedPath` names where it can be read here. Resolves to null where this
 * machine has none of them. Throws a TranscriptError where there is no sound in it.
 */
export async function findSound(
  { moviePath, soundPath }: SoundPlaces,
  storedPath: string | null,
): Promise<string | null> {
  if (await exists(soundPath)) return soundPath;
  const isKept = await exists(moviePath);
  const from = isKept ? moviePath : storedPath;
  if (from === null || !(await exists(from))) return null;
  await mkdir(dirname(soundPath), { recursive: true, mode: 0o700 });
  const isAny = await extractSound(from, soundPath).catch((error) => {
    const message = `the sound of the recording cannot be read: ${messageOf(error)}`;
    throw new TranscriptError(message, isDamaged(error), { cause: error });
  });
  if (!isAny) throw new TranscriptError('the recording has no sound', true);
  // The sound needs a tenth of the room.
  await rm(moviePath, { force: true });
  return soundPath;
}

/** What the disk says may pass; what the bytes say does not. */
function isDamaged(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException).code !== 'string';
}
