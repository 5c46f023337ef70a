import type { Replaced } from '../upload.ts';

/** S3 takes parts of 5 MiB to 5 GiB, 10,000 of them; 16 MiB allows 156 GiB. Only the last may be shorter. */
export const PART_BYTES = 16 * 1024 * 1024;
export const SHORTEST_PART_BYTES = 5 * 1024 * 1024;

/** A part of an object: bytes of the file, and what stands before and behind them. */
export interface Part {
  readonly number: number;
  readonly front: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly tail: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** Part `number` of a file that grows. It can be sent as soon as the file is longer. The first is sent last. */
export function wholePart(number: number): Part {
  return {
    number,
    front: NOTHING,
    start: (number - 1) * PART_BYTES,
    end: number * PART_BYTES,
    tail: NOTHING,
  };
}

/**
 * The parts of an object whose file is complete. The first part begins with the object's front, and goes on to
 * where a part begins that may have been sent already. Parts of the file that the front replaces are left out,
 * and so are their numbers.
 */
export function planParts(totalBytes: number, { bytes, front, tail }: Replaced): Part[] {
  let cut = Math.ceil(bytes / PART_BYTES) * PART_BYTES;
  while (front.byteLength + cut - bytes < SHORTEST_PART_BYTES) cut += PART_BYTES;
  const parts: Part[] = [{ number: 1, front, start: bytes, end: Math.min(cut, totalBytes), tail: NOTHING }];
  for (let start = cut; start < totalBytes; start += PART_BYTES) {
    const whole = wholePart(start / PART_BYTES + 1);
    parts.push({ ...whole, end: Math.min(whole.end, totalBytes) });
  }
  const last = parts.at(-1) as Part;
  const isWhole = parts.length > 1 && last.end - last.start === PART_BYTES;
  if (tail.byteLength === 0) return parts;
  // A whole part may have been sent already, without what follows it.
  if (isWhole) return [...parts, { ...last, number: last.number + 1, start: last.end, tail }];
  return [...parts.slice(0, -1), { ...last, tail }];
}

export function lengthOf({ front, start, end, tail }: Part): number {
  return front.byteLength + end - start + tail.byteLength;
}
