import { boxAt } from './boxes.ts';

export interface BoxStream {
  /** Takes bytes and their position in the stream. Returns the boxes that are complete now, in order. */
  take(bytes: Uint8Array, position: number): Buffer[];
}

/**
 * Cuts a stream of bytes into its boxes. Bytes of boxes that have been returned may be written over, which is
 * ignored. Throws if bytes are missing, or if they are no boxes.
 */
export function boxStream(): BoxStream {
  let received = 0;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  /** The length of the box that comes next, once it is known. */
  let length: number | null = null;

  function lengthOfNext(): number | null {
    if (waitingBytes < 16) return null;
    waiting = [Buffer.concat(waiting)];
    const box = boxAt(waiting[0] as Buffer, 0);
    if (box === null) throw new Error(`there is no box at byte ${received - waitingBytes} of the stream`);
    return box.end;
  }

  return {
    take: (bytes, position) => {
      if (position < received) return [];
      if (position > received)
        throw new Error(`the stream lacks ${position - received} bytes at ${received}`);
      received += bytes.byteLength;
      waiting.push(Buffer.from(bytes)); // a copy: the bytes may be written over by their owner
      waitingBytes += bytes.byteLength;
      const boxes: Buffer[] = [];
      for (length ??= lengthOfNext(); length !== null && waitingBytes >= length; length = lengthOfNext()) {
        const all = Buffer.concat(waiting);
        boxes.push(all.subarray(0, length));
        waiting = [all.subarray(length)];
        waitingBytes -= length;
      }
      return boxes;
    },
  };
}
