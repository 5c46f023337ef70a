import { mkdir, rename } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { exists } from '../exists.ts';
import { messageOf, RecordingError } from '../recordingError.ts';
import { type GrowingFile, openGrowingFile, resumeGrowingFile } from './growingFile.ts';
import { OutOfReachError } from './outOfReachError.ts';
import { refuseExisting } from './refuseExisting.ts';
import { readSentMark, type SentMark } from './sentMark.ts';
import { setAside } from './setAside.ts';
import type { Ending, NewFile, Sink, Storage, StoredFile, UnfinishedFile } from './storage.ts';
import { UndeliveredError } from './undeliveredError.ts';
import type { Replaced, Upload } from './upload.ts';

export interface SpoolFolders {
  /** Where a recording lies on this machine until it is delivered. */
  readonly spool: string;
  /** Where a recording is kept if it cannot be delivered. */
  readonly rescue: string;
}

/** Uploads to one store. */
export interface Uploads {
  /** What manifests call the store. */
  readonly kind: string;
  start(file: NewFile): Upload;
  /**
   * Goes on with an upload that another process began, whose `.part` is here. The mark says what this machine does not
   * have of the file. The store need not answer.
   */
  resume(file: UnfinishedFile, partPath: string, mark: SentMark | null): Promise<Upload>;
  /**
   * Whether another machine has gone on without the `.part` that is here. Throws storage_failed if the object is
   * complete.
   */
  isOutdated(file: UnfinishedFile, partPath: string): Promise<boolean>;
  /**
   * Makes the file at `partPath` of what is kept in the store, and goes on. Resolves to null if nothing is kept
   * there.
   */
  restore(file: UnfinishedFile, partPath: string): Promise<Upload | null>;
  /** The object of this file; null if it does not exist or may not be read. */
  stored(file: UnfinishedFile): Promise<StoredFile | null>;
}

/**
 * Stores recordings in an object store. The bytes are first written to a file on this machine, and from there
 * sent to the store while the recording runs. So a slow store costs disk and not memory, and little is left
 * to send at the end, however long the recording is. A file that cannot be delivered is kept in the rescue
 * folder. Only the worker's own user can read the two folders.
 */
export function spooledStorage(uploads: Uploads, folders: SpoolFolders): Storage {
  return {
    open: async (newFile) => {
      const rescuePath = resolve(folders.rescue, newFile.key);
      await refuseExisting(rescuePath);
      const upload = uploads.start(newFile);
      await upload.check();
      const file = await openGrowingFile(folders.spool, newFile.key, 'owner');
      return uploadingSink(newFile, file, upload, { kind: uploads.kind, rescuePath, settledBytes: 0 });
    },
    resume: async (unfinished) => {
      const partPath = `${resolve(folders.spool, unfinished.key)}.part`;
      if ((await exists(partPath)) && (await uploads.isOutdated(unfinished, partPath)))
        await setAside(partPath);
      const restored = (await exists(partPath)) ? null : await restore(uploads, unfinished, partPath);
      const file = await resumeGrowingFile(folders.spool, unfinished.key);
      try {
        const mark = await readSentMark(partPath);
        const upload = restored ?? (await uploads.resume(unfinished, partPath, mark));
        const settledBytes = mark?.settledBytes ?? 0;
        upload.goOn(file, file.sizeBytes(), settledBytes);
        const rescuePath = resolve(folders.rescue, unfinished.key);
        return uploadingSink(unfinished, file, upload, { kind: uploads.kind, rescuePath, settledBytes });
      } catch (error) {
        await file.close();
        throw error;
      }
    },
    stored: uploads.stored,
  };
}

function uploadingSink(
  { key, mediaType }: NewFile,
  file: GrowingFile,
  upload: Upload,
  {
    kind,
    rescuePath,
    settledBytes,
  }: { readonly kind: string; readonly rescuePath: string; readonly settledBytes: number },
): Sink {
  let state: 'open' | 'finishing' | 'over' = 'open';
  const { partPath } = file;
  return {
    localPath: partPath,
    settledBytes,
    write: async (bytes, position, headerBytes = 0) => {
      await file.write(bytes, position);
      upload.follow(file, file.sizeBytes(), { position, length: bytes.byteLength, headerBytes });
    },
    truncate: async (sizeBytes) => {
      if (sizeBytes < settledBytes) {
        const message = `${partPath} cannot be cut off at ${sizeBytes} bytes, because ${upload.location} has the first ${settledBytes} already`;
        throw new RecordingError('storage_failed', message);
      }
      if (sizeBytes < file.sizeBytes()) upload.cutOff(file, sizeBytes);
      await file.truncate(sizeBytes);
    },
    sizeBytes: file.sizeBytes,
    unfinished: () => ({
      key,
      mediaType,
      kind,
      location: upload.location,
      partPath,
      machine: hostname(),
      ...upload.state(),
    }),
    keepManifest: file.keepManifest,
    waitingSince: upload.waitingSince,
    finish: async (ending, confirmed = async () => {}) => {
      state = 'finishing';
      let isOthers = false;
      const confirm = () =>
        confirmed().catch((error) => {
          isOthers = true;
          throw error;
        });
      try {
        const sizeBytes = await upload.finish(file, file.sizeBytes(), replacedBy(ending), confirm);
        await file.drop().catch(() => {}); // it is stored, also where its disk lets nobody delete
        return { location: upload.location, sizeBytes };
      } catch (error) {
        if (isOthers || settledBytes > 0) await file.close();
        else if (state === 'finishing') await rescue(error, file, upload, ending, rescuePath);
        throw error; // closed meanwhile: another process delivers the file
      } finally {
        state = 'over';
      }
    },
    close: async () => {
      if (state === 'over') return;
      state = 'over';
      await upload.stop();
      await file.close();
    },
    abort: async () => {
      if (state !== 'open') return;
      state = 'over';
      await upload.stop();
      await file.drop().finally(upload.abort);
    },
  };
}

function replacedBy(ending: Ending | null): Replaced {
  const nothing = { front: new Uint8Array(0), tail: new Uint8Array(0) };
  if (ending === null) return { bytes: 0, ...nothing, build: () => nothing };
  return { bytes: ending.replacesBytes, ...ending.build(null), build: (length) => ending.build(length) };
}

/**
 * Finishes the file of an upload that has failed for good, moves it to the rescue folder, and throws an error
 * that names it.
 */
async function rescue(
  cause: unknown,
  file: GrowingFile,
  upload: Upload,
  ending: Ending | null,
  rescuePath: string,
): Promise<never> {
  await file.checkOwner();
  if (ending) await file.end(ending);
  const path = await file.complete();
  const keptPath = await moved(path, rescuePath);
  await upload.abort().catch(() => {}); // the caller needs the first error
  throw new UndeliveredError(messageOf(cause), keptPath, { cause });
}

async function restore(uploads: Uploads, file: UnfinishedFile, partPath: string): Promise<Upload> {
  const where = `${partPath} is not on this machine, and it cannot be made of what the bucket has of it`;
  const restored = await uploads.restore(file, partPath).catch((error) => {
    throw new OutOfReachError(`${where}: ${messageOf(error)}`, true, { cause: error });
  });
  if (restored === null) throw new OutOfReachError(`${where}: that is complete, or too little`, false);
  return restored;
}

/** Resolves to where the file is afterwards. */
async function moved(path: string, rescuePath: string): Promise<string> {
  try {
    await mkdir(dirname(rescuePath), { recursive: true, mode: 0o700 });
    await rename(path, rescuePath);
    return rescuePath;
  } catch {
    return path; // the file is as safe in the spool folder as in the other
  }
}
