import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { messageOf, RecordingError } from '../recordingError.ts';
import { createFlusher, type Flusher } from './createFlusher.ts';
import { makeFolder } from './makeFolder.ts';
import { type Ownership, takeOwnership, UNSHARED } from './ownership.ts';
import { refuseExisting } from './refuseExisting.ts';
import { replaceFront } from './replaceFront.ts';
import { removeSentMark } from './sentMark.ts';
import { removeSetAside } from './setAside.ts';
import { type FreeBytes, freeBytesOf, type SpaceGuard, spaceGuard } from './spaceGuard.ts';
import type { Ending } from './storage.ts';
import { removeStoreTokens } from './storeTokens.ts';
import { writeAll } from './writeAll.ts';

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
  truncate(sizeBytes: number): Promise<void>;
  /** The length of the file so far. */
  sizeBytes(): number;
  /** Writes the manifest into `<file>.part.json`, which is always a whole one. */
  keepManifest(manifest: object): Promise<void>;
  /** Throws storage_failed if another process goes on with the file. */
  checkOwner(): Promise<void>;
  /**
   * Gives the file its ending, in place where that is possible. It is still a `.part` afterwards. On a full
   * disk, the file stays as it is: it can be played like that, too.
   */
  end(ending: Ending): Promise<void>;
  /** Waits until the bytes are on the disk, then removes `.part` from the name. Resolves to the new path. */
  complete(): Promise<string>;
  /** Waits until the bytes are on the disk, and stops writing. */
  close(): Promise<void>;
  /** Deletes the file, unless it belongs to another process now. Does nothing after complete() and close(). */
  drop(): Promise<void>;
}

/**
 * Creates the file `key` below `folder`, and the folders that are missing. Throws storage_failed if that is
 * not possible, or if a file of that name exists already, complete or not.
 */
export async function openGrowingFile(
  folder: string,
  key: string,
  readers: Readers,
  freeBytes: FreeBytes = freeBytesOf,
): Promise<GrowingFile> {
  const path = resolve(folder, key);
  const partPath = `${path}.part`;
  const guard = spaceGuard(dirname(path), path, freeBytes);
  const file = await storing(path, async () => {
    // The folder above belongs to the operator, so only folders that are created for this file are closed to
    // others.
    await makeFolder(dirname(resolve(folder)));
    await makeFolder(dirname(path), MODES[readers].folder);
    await guard.beforeBegin();
    return openNew(path, partPath, MODES[readers].file);
  });
  return growingFile({ file, partPath, path, sizeBytes: 0, ownership: UNSHARED, guard });
}

/**
 * Opens the `.part` of a file that another process began, which can no longer write to it from now on. Throws
 * storage_failed if there is no such file.
 */
export async function resumeGrowingFile(
  folder: string,
  key: string,
  freeBytes: FreeBytes = freeBytesOf,
): Promise<GrowingFile> {
  const path = resolve(folder, key);
  const partPath = `${path}.part`;
  return storing(path, async () => {
    const file = await open(partPath, 'r+').catch((error) => {
      if (error.code !== 'ENOENT') throw error;
      const message = `${partPath} is not on this machine, so nobody can go on with it here`;
      throw new RecordingError('storage_failed', message, { cause: error });
    });
    const ownership = await takeOwnership(partPath);
    const guard = spaceGuard(dirname(path), path, freeBytes);
    return growingFile({ file, partPath, path, sizeBytes: (await file.stat()).size, ownership, guard });
  });
}

/** Only the owner of the `.part` file may write `path`, so nobody can create `path` after this check. */
async function openNew(path: string, partPath: string, mode: number): Promise<FileHandle> {
  const file = await open(partPath, 'wx+', mode).catch((error) => {
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

interface Opened {
  readonly file: FileHandle;
  readonly partPath: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly ownership: Ownership;
  readonly guard: SpaceGuard;
}

function growingFile({ file: opened, partPath, path, ownership, guard, ...given }: Opened): GrowingFile {
  let file = opened;
  let { sizeBytes } = given;
  let isOpen = true;
  const flusher: Flusher = createFlusher(() => file.datasync());
  const manifestPath = `${partPath}.json`;
  const checkOwner = () => ownership.check(partPath);
  const close = async () => {
    isOpen = false;
    await flusher.stop();
    await file.sync().finally(() => file.close());
  };
  return {
    partPath,
    sizeBytes: () => sizeBytes,
    checkOwner,
    write: async (bytes, position) => {
      await checkOwner();
      await storing(path, async () => {
        await guard.beforeWrite(bytes.byteLength);
        await writeAll(file, bytes, position);
      });
      sizeBytes = Math.max(sizeBytes, position + bytes.byteLength);
      flusher.note();
    },
    truncate: async (toBytes) => {
      await checkOwner();
      // A disk that has become read-only refuses it also where there is nothing to drop.
      await storing(path, async () => {
        if ((await file.stat()).size !== toBytes) await file.truncate(toBytes);
      });
      sizeBytes = toBytes;
    },
    keepManifest: async (manifest) => {
      await checkOwner();
      await storing(manifestPath, () => writeWhole(manifestPath, JSON.stringify(manifest)));
    },
    end: async (ending) => {
      await checkOwner();
      await flusher.stop();
      const whole = await storing(path, () => replaceFront(file, partPath, sizeBytes, ending));
      ({ file, sizeBytes } = whole);
    },
    complete: async () => {
      await checkOwner();
      const complete = async () => {
        await close();
        await rename(partPath, path);
        await forget(partPath);
      };
      await storing(path, complete, `; what was recorded is kept at ${partPath}`);
      return path;
    },
    close: async () => {
      if (isOpen) await storing(path, close);
    },
    drop: async () => {
      if (!isOpen) return;
      isOpen = false;
      await flusher.stop();
      await file.close();
      const isOwn = await checkOwner().then(
        () => true,
        () => false,
      );
      if (!isOwn) return;
      await rm(partPath, { force: true });
      await forget(partPath);
    },
  };
}

/** Deletes what lies next to a `.part`. */
async function forget(partPath: string): Promise<void> {
  for (const side of ['json', 'json.new', 'owner']) await rm(`${partPath}.${side}`, { force: true });
  await Promise.all([removeSentMark, removeStoreTokens, removeSetAside].map((remove) => remove(partPath)));
}

/** Replaces the file at `path`. Whoever reads it meanwhile reads the old text or the new one. */
async function writeWhole(path: string, text: string): Promise<void> {
  const newPath = `${path}.new`;
  const file = await open(newPath, 'w', MODES.owner.file);
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(newPath, path);
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
