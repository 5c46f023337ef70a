import { hostname } from 'node:os';
import { type GrowingFile, openGrowingFile, resumeGrowingFile } from './growingFile.ts';
import { type FreeBytes, freeBytesOf } from './spaceGuard.ts';
import type { NewFile, Sink, Storage } from './storage.ts';

/** Stores recordings in a folder of this machine. The worker's umask decides who may read them. */
export function folderStorage(folder: string, freeBytes: FreeBytes = freeBytesOf): Storage {
  return {
    open: async (file) => folderSink(await openGrowingFile(folder, file.key, 'everybody', freeBytes), file),
    resume: async (file) => folderSink(await resumeGrowingFile(folder, file.key, freeBytes), file),
  };
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
      if (ending) await file.end(ending);
      return { location: await file.complete(), sizeBytes: file.sizeBytes() };
    },
    close: file.close,
    abort: file.drop,
  };
}
