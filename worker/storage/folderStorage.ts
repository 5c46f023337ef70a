import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { messageOf } from '../recordingError.ts';
import { type GrowingFile, openGrowingFile, resumeGrowingFile } from './growingFile.ts';
import { type FreeBytes, freeBytesOf } from './spaceGuard.ts';
import type { NewFile, Sink, Storage } from './storage.ts';
import { UndeliveredError } from './undeliveredError.ts';

/** The disk lets nobody write any more. What is on it may still be read. */
const DISK_LOST = ['EROFS', 'EIO'];

/** Stores recordings in a folder of this machine. The worker's umask decides who may read them. */
export function folderStorage(folder: string, freeBytes: FreeBytes = freeBytesOf): Storage {
  return {
    open: async (file) => folderSink(await openGrowingFile(folder, file.key, 'everybody', freeBytes), file),
    resume: async (file) => folderSink(await resumeGrowingFile(folder, file.key, freeBytes), file),
    stored: async ({ key }) => {
      const location = resolve(folder, key);
      const [complete, part] = await Promise.all([location, `${location}.part`].map(sizeOf));
      return complete != null && part == null ? { location, sizeBytes: complete } : null;
    },
  };
}

/** null where there is no such file. */
async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  );
}

function folderSink(file: GrowingFile, { key, mediaType }: NewFile): Sink {
  return {
    localPath: file.partPath,
    settledBytes: 0,
    write: (bytes, position) => file.write(bytes, position),
    truncate: file.truncate,
    sizeBytes: file.sizeBytes,
    unfinished: () => ({ key, mediaType, kind: 'local', partPath: file.partPath, machine: hostname() }),
    keepManifest: file.keepManifest,
    waitingSince: () => null,
    finish: async (ending) => {
      try {
        if (ending) await file.end(ending);
        return { location: await file.complete(), sizeBytes: file.sizeBytes() };
      } catch (error) {
        const { cause } = error as Error;
        if (!DISK_LOST.includes((cause as NodeJS.ErrnoException | undefined)?.code ?? '')) throw error;
        const reason = `${file.partPath} cannot be completed: ${messageOf(cause)}`;
        throw new UndeliveredError(reason, file.partPath, { cause, lacksEnding: true });
      }
    },
    close: file.close,
    abort: file.drop,
  };
}
