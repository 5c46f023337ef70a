import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { messageOf, RecordingError } from '../recordingError.ts';
import type { Sink, Storage } from './storage.ts';

/** Stores recordings in a folder. While it is written the file ends in `.part`, so a name without it is complete. */
export function localStorage(folder: string): Storage {
  return {
    open: async ({ key }) => {
      const path = resolve(folder, key);
      const partPath = `${path}.part`;
      const file = await storing(path, async () => {
        await mkdir(dirname(path), { recursive: true });
        return open(partPath, 'wx');
      });
      return fileSink(file, partPath, path);
    },
  };
}

function fileSink(file: FileHandle, partPath: string, path: string): Sink {
  let sizeBytes = 0;
  let isOpen = true;
  return {
    write: async (bytes, position) => {
      await storing(path, () => writeAll(file, bytes, position));
      sizeBytes = Math.max(sizeBytes, position + bytes.byteLength);
    },
    sizeBytes: () => sizeBytes,
    finish: async () => {
      isOpen = false;
      await storing(path, async () => {
        await file.sync();
        await file.close();
        await rename(partPath, path);
      });
      return { location: path, sizeBytes };
    },
    abort: async () => {
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

async function storing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw new RecordingError('storage_failed', `${path} cannot be written: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
