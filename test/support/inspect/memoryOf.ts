import { open, readFile } from 'node:fs/promises';

const CHUNK_BYTES = 1024 * 1024;
/** Each chunk begins with the end of the one before, so that nothing is cut in two. */
const OVERLAP_BYTES = 8 * 1024;
/** Chromium and V8 reserve far more than they use. */
const LARGEST_REGION_BYTES = 512 * 1024 * 1024;

/** What a process can write to of its memory, in pieces. Linux only, for processes of the same user. */
export async function* memoryOf(pid: number): AsyncGenerator<Buffer> {
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8');
  const memory = await open(`/proc/${pid}/mem`, 'r');
  try {
    for (const line of maps.split('\n')) {
      const region = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
      if (region === null) continue;
      const [start, end] = [Number.parseInt(String(region[1]), 16), Number.parseInt(String(region[2]), 16)];
      if (end - start > LARGEST_REGION_BYTES) continue;
      for (let at = start; at < end; at += CHUNK_BYTES - OVERLAP_BYTES) {
        const piece = Buffer.alloc(Math.min(CHUNK_BYTES, end - at));
        const read = await memory.read(piece, 0, piece.length, at).catch(() => null); // a part that was given back
        if (read) yield piece.subarray(0, read.bytesRead);
        if (at + CHUNK_BYTES >= end) break;
      }
    }
  } finally {
    await memory.close();
  }
}
