import { mkdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { messageOf, RecordingError } from '../recordingError.ts';
import { type GrowingFile, openGrowingFile, resumeGrowingFile } from './growingFile.ts';
import { refuseExisting } from './refuseExisting.ts';
import type { NewFile, Sink, Storage } from './storage.ts';
import type { Upload } from './upload.ts';

export interface SpoolFolders {
  /** Where a recording lies on this machine until it is delivered. */
  readonly spool: string;
  /** Where a recording is kept if it cannot be delivered. */
  readonly rescue: string;
}

/**
 * Stores recordings in an object store. The bytes are first written to a file on this machine, and from there
 * sent to the store while the recording runs. So a slow store costs disk and not memory, and little is left
 * to send at the end, however long the recording is. A file that cannot be delivered is kept in the rescue
 * folder. Only the worker's own user can read the two folders.
 */
export function spooledStorage(startUpload: (file: NewFile) => Upload, folders: SpoolFolders): Storage {
  return {
    open: async (newFile) => {
      const rescuePath = resolve(folders.rescue, newFile.key);
      await refuseExisting(rescuePath);
      const upload = startUpload(newFile);
      await upload.check();
      const file = await openGrowingFile(folders.spool, newFile.key, 'owner');
      return uploadingSink(newFile, file, upload, rescuePath);
    },
    resume: async (unfinished) => {
      const file = await resumeGrowingFile(folders.spool, unfinished.key);
      return uploadingSink(
        unfinished,
        file,
        startUpload(unfinished),
        resolve(folders.rescue, unfinished.key),
      );
    },
  };
}

function uploadingSink(
  { key, mediaType }: NewFile,
  file: GrowingFile,
  upload: Upload,
  rescuePath: string,
): Sink {
  let isOpen = true;
  return {
    localPath: file.partPath,
    write: async (bytes, position) => {
      await file.write(bytes, position);
      upload.follow(file.partPath, file.sizeBytes());
    },
    truncate: file.truncate,
    sizeBytes: file.sizeBytes,
    unfinished: () => ({ key, mediaType, kind: 's3', partPath: file.partPath, machine: hostname() }),
    keepManifest: file.keepManifest,
    waitingSince: () => null,
    finish: async (ending) => {
      isOpen = false;
      if (ending) await file.end(ending);
      await upload.settle(); // the upload reads the file under the name that complete() changes
      try {
        await deliver(upload, await file.complete(), file.sizeBytes(), rescuePath);
      } catch (error) {
        await upload.abort().catch(() => {}); // the caller needs the first error
        throw error;
      }
      return { location: upload.location, sizeBytes: file.sizeBytes() };
    },
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      await upload.settle();
      await file.close();
    },
    abort: async () => {
      if (!isOpen) return;
      isOpen = false;
      await file.drop().finally(upload.abort);
    },
  };
}

/**
 * Completes the upload and deletes the file. A file that cannot be delivered is kept, and the error names it.
 */
async function deliver(upload: Upload, path: string, sizeBytes: number, rescuePath: string): Promise<void> {
  try {
    await upload.finish(path, sizeBytes);
  } catch (error) {
    const keptPath = await rescue(path, rescuePath);
    const message = `${messageOf(error)}; the whole recording is kept at ${keptPath}`;
    throw new RecordingError('storage_failed', message, { cause: error });
  }
  await rm(path, { force: true });
}

/** Moves what could not be delivered to the rescue folder. Resolves to its path there. */
async function rescue(path: string, rescuePath: string): Promise<string> {
  try {
    await mkdir(dirname(rescuePath), { recursive: true, mode: 0o700 });
    await rename(path, rescuePath);
    return rescuePath;
  } catch {
    return path; // the file is as safe in the spool folder as in the other
  }
}
