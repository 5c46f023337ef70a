import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { messageOf, RecordingError } from '../recordingError.ts';
import { refuseExisting } from './refuseExisting.ts';

/** Who may read a file: everybody whom the worker's umask allows, or the worker's own user alone. */
export type Readers = 'everybody' | 'owner';

const MODES = {
  everybody: { folder: 0o777, file: 0o666 },
  owner: { folder: 0o700, file: 0o600 },
} as const;

/** A file whose name ends in `.part` for as long as it is written, so that a name without it means complete. */
export interface GrowingFile {
  /** Where the bytes are until complete(). */
  readonly partPath: string;
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** How long the file is so far. */
  sizeBytes(): number;
  /** Waits until the bytes are on the disk, then takes `.part` off the name. Resolves with the new path. */
  complete(): Promise<string>;
  /** Deletes the file. Does nothing after complete(). */
  drop(): Promise<void>;
}

/**
 * Begins the file `key` below `folder` and creates the folders that are missing. Throws storage_failed where
 * that is not possible, and where a file of that name exists already, complete or not.
 */
export async function openGrowingFile(folder: string, key: string, readers: Readers): Promise<GrowingFile> {
  const path = resolve(folder, key);
  const partPath = `${path}.part`;
  const file = await storing(path, async () => {
    // The folder above is the operator's: only what is created for this file is closed to others.
    await mkdir(dirname(resolve(folder)), { recursive: true });
    await mkdir(dirname(path), { recursive: true, mode: MODES[readers].folder });
    return openNew(path, partPath, MODES[readers].file);
  });
  return growingFile(file, partPath, path);
}

/** Whoever holds the `.part` is the only one who may write `path`, so nobody can create it after the check. */
async function openNew(path: string, partPath: string, mode: number): Promise<FileHandle> {
  const file = await open(partPath, 'wx', mode).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
    throw new RecordingError(
      'storage_failed',
      `${partPath} exists already: another recording is writing it, or a worker was killed while it did. ` +
        'If nobody is writing it, move it away (it is playable up to its last seconds) and record again',
      { cause: error },
    );
  });
  try {
    await refuseExisting(path);
    return file;
  } catch (error) {
    await file.close();
    await rm(partPath, { force: true });
    throw error;
  }
}

function growingFile(file: FileHandle, partPath: string, path: string): GrowingFile {
  let sizeBytes = 0;
  let isOpen = true;
  return {
    partPath,
    write: async (bytes, position) => {
      await storing(path, () => writeAll(file, bytes, position));
      sizeBytes = Math.max(sizeBytes, position + bytes.byteLength);
    },
    sizeBytes: () => sizeBytes,
    complete: async () => {
      isOpen = false;
      const complete = async () => {
        await file.sync().finally(() => file.close());
        await rename(partPath, path);
      };
      await storing(path, complete, `; what was recorded is kept at ${partPath}`);
      return path;
    },
    drop: async () => {
      if (!isOpen) return;
      isOpen = false;
      await file.close();
      await rm(partPath, { force: true });
    },
  };
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.byteLength - done, position + done);
    done += bytesWritten;
  }
}

/** Does what `write` does; an error becomes storage_failed and says which file could not be written. */
async function storing<T>(path: string, write: () => Promise<T>, outcome = ''): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof RecordingError) throw error;
    const message = `${path} cannot be written: ${messageOf(error)}${outcome}`;
    throw new RecordingError('storage_failed', message, { cause: error });
  }
}
