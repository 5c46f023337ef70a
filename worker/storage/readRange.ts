import { type FileHandle, open } from 'node:fs/promises';

/** Reads `length` bytes of the file at `path`, starting at byte `start`. Throws if the file is shorter. */
export async function readRange(path: string, start: number, length: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    return await readAll(file, path, start, length);
  } finally {
    await file.close();
  }
}

/** One read may return less than was asked for, so it is repeated until all bytes are read. */
export async function readAll(
  file: Pick<FileHandle, 'read'>,
  path: string,
  start: number,
  length: number,
): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, length - done, start + done);
    if (bytesRead === 0) {
      throw new Error(`${path} ends at byte ${start + done}, but ${start + length} bytes were written to it`);
    }
    done += bytesRead;
  }
  return bytes;
}
