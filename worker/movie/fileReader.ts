import type { FileHandle } from 'node:fs/promises';

/** How much is read at once: a fragment's description, and what follows it up to the media itself. */
const WINDOW_BYTES = 16 * 1024;

export interface FileReader {
  readonly sizeBytes: number;
  /** Reads that many bytes, or fewer where the file ends before. */
  read(position: number, length: number): Promise<Buffer>;
}

/** Reads small pieces of a file from front to back, with few calls of the system. */
export function fileReader(file: Pick<FileHandle, 'read'>, sizeBytes: number): FileReader {
  let windowStart = 0;
  let window: Buffer = Buffer.alloc(0);
  return {
    sizeBytes,
    read: async (position, wanted) => {
      const length = Math.max(0, Math.min(wanted, sizeBytes - position));
      if (position < windowStart || position + length > windowStart + window.length) {
        const bytes = Buffer.alloc(Math.min(Math.max(length, WINDOW_BYTES), sizeBytes - position));
        let done = 0;
        while (done < bytes.length) {
          const { bytesRead } = await file.read(bytes, done, bytes.length - done, position + done);
          if (bytesRead === 0) break;
          done += bytesRead;
        }
        windowStart = position;
        window = bytes.subarray(0, done);
      }
      const from = position - windowStart;
      return window.subarray(from, from + length);
    },
  };
}
