import { open, rm } from 'node:fs/promises';
import { messageOf, RecordingError } from '../recordingError.ts';
import { readAll } from './readRange.ts';
import type { Confirmed, Ending, NewFile, Sink, Storage, StoredFile } from './storage.ts';
import { UndeliveredError } from './undeliveredError.ts';

const COPY_STEP_BYTES = 4 * 1024 * 1024;

/**
 * Stores recordings in `main`. What cannot be opened there, or has failed there for good, goes to `backup`, and
 * its location says so. If both fail, the error tells of both.
 */
export function withBackup(main: Storage, backup: Storage): Storage {
  return {
    open: async (file) => {
      try {
        return deliveredElsewhere(await main.open(file), backup, file);
      } catch (error) {
        return markedAsBackup(await insteadOf(error, () => backup.open(file)));
      }
    },
    resume: async (file) => {
      if (file.isBackup === true) return markedAsBackup(await backup.resume(file));
      return deliveredElsewhere(await main.resume(file), backup, file);
    },
    stored: async (file) => (file.isBackup === true ? null : await main.stored(file)) ?? backup.stored(file),
  };
}

/** A manifest has to tell in which of the two the file was begun. */
function markedAsBackup(sink: Sink): Sink {
  return { ...sink, unfinished: () => ({ ...sink.unfinished(), isBackup: true }) };
}

function deliveredElsewhere(sink: Sink, backup: Storage, { key, mediaType }: NewFile): Sink {
  return {
    ...sink,
    finish: async (ending, confirmed) => {
      try {
        return await sink.finish(ending, confirmed);
      } catch (error) {
        if (!(error instanceof UndeliveredError)) throw error;
        const missing = error.lacksEnding ? ending : null;
        return insteadOf(error, () => move(error.keptPath, backup, { key, mediaType }, missing, confirmed));
      }
    },
  };
}

async function insteadOf<T>(first: unknown, backUp: () => Promise<T>): Promise<T> {
  try {
    return await backUp();
  } catch (second) {
    const message = `${messageOf(first)}. The backup failed, too: ${messageOf(second)}`;
    throw new RecordingError('storage_failed', message, { cause: first });
  }
}

/** Stores the file at `path`, with the ending that it lacks, and deletes it there afterwards if that is possible. */
async function move(
  path: string,
  storage: Storage,
  newFile: NewFile,
  ending: Ending | null,
  confirmed?: Confirmed,
): Promise<StoredFile> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const sink = await storage.open(newFile);
    try {
      for (let from = 0; from < size; from += COPY_STEP_BYTES)
        await sink.write(await readAll(file, path, from, Math.min(COPY_STEP_BYTES, size - from)), from);
      const stored = await sink.finish(ending, confirmed);
      await rm(path, { force: true }).catch(() => {});
      return stored;
    } catch (error) {
      await sink.abort();
      throw error;
    }
  } finally {
    await file.close();
  }
}
