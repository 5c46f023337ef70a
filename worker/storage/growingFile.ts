import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { messageOf, RecordingError } from '../recordingError.ts';
import { refuseExisting } from './refuseExisting.ts';

/** Who may read a file: everybody that the worker's umask allows, or only the worker's own user. */
export type Readers = 'everybody' | 'owner';

const MODES = {
  everybody: { folder: 0o777, file: 0o666 },
  owner: { folder: 0o700, file: 0o600 },
} as const;

/** A file that is being written. Its name ends in `.part` until it is complete. */
export interface GrowingFile {
  /** The path of the bytes until complete(). */
  readonly partPath: string;
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** The length of the file so far. */
  sizeBytes(): number;
  /** Waits until the bytes are on the disk, then removes `.part` from the name. Resolves to the new path. */
  complete(): Promise<string>;
  /** Deletes the file. Does nothing after complete(). */
  drop(): Promise<void>;
}

/**
 * Creates the file `key` below `folder`, and the folders that are missing. Throws storage_failed if that is
 * not possible, or if a file of that name exists already, complete or not.
 */
export async function openGrowingFile(folder: string, key: string, readers: Readers): Promise<GrowingFile> {
  const path = resolve(folder, key);
  const partPath = `${path}.part`;
  const file = await storing(path, async () => {
    // The folder above belongs to the operator, so only folders that are created for this file are closed to
    // others.
    await mkdir(dirname(resolve(folder)), { recursive: true });
    await mkdir(dirname(path), { recursive: true, mode: MODES[readers].folder });
    return openNew(path, partPath, MODES[readers].file);
  });
  return growingFile(file, partPath, path);
}

/** Only the owner of the `.part` file may write `path`, so nobody can create `path` after this check. */
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

/** Runs `write`. An error becomes storage_failed and says which file could not be written. */
async function storing<T>(path: string, write: () => Promise<T>, outcome = ''): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof RecordingError) throw error;
    const message = `${path} cannot be written: ${messageOf(error)}${outcome}`;
    throw new RecordingError('storage_failed', message, { cause: error });
  }
}
