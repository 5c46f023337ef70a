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
  let cut = cutBehind(bytes);
  while (front.byteLength + cut - bytes < SHORTEST_PART_BYTES) cut += PART_BYTES;
  const first: Part = { number: 1, front, start: bytes, end: Math.min(cut, totalBytes), tail: NOTHING };
  return withTail([first, ...partsBehind(cut, totalBytes)], tail);
}

/**
 * The same, where all parts but the last have the same length, which is what some stores want. For this the
 * front is made longer, but not longer than what it replaces.
 */
export function planEqualParts(totalBytes: number, replaced: Replaced): Part[] {
  const { bytes } = replaced;
  const cut = cutBehind(bytes);
  const { front, tail } = replaced.build(equalFrontBytes(replaced));
  // The parts that were sent begin at a multiple of the length of a part, and so do those of the front.
  const partsOfFront = Math.ceil((front.byteLength + cut - bytes) / PART_BYTES);
  const parts: Part[] = [];
  for (let number = 1; number <= partsOfFront; number++) {
    const from = (number - 1) * PART_BYTES;
    const own = front.subarray(from, from + PART_BYTES);
    const start = Math.min(totalBytes, bytes + Math.max(0, from - front.byteLength));
    const end = Math.min(totalBytes, start + PART_BYTES - own.byteLength);
    parts.push({ number, front: own, start, end, tail: NOTHING });
  }
  return withTail([...parts, ...partsBehind(cut, totalBytes)], tail);
}

/** A box that fills the rest has at least 8 bytes. */
function equalFrontBytes({ bytes, front }: Replaced): number {
  let length = bytes % PART_BYTES;
  while (length < bytes && length !== front.byteLength && length < front.byteLength + 8) length += PART_BYTES;
  return length;
}

/** Where the first part of the file begins that the front does not reach. */
function cutBehind(bytes: number): number {
  return Math.ceil(bytes / PART_BYTES) * PART_BYTES;
}

function partsBehind(cut: number, totalBytes: number): Part[] {
  const parts: Part[] = [];
  for (let start = cut; start < totalBytes; start += PART_BYTES) {
    const whole = wholePart(start / PART_BYTES + 1);
    parts.push({ ...whole, end: Math.min(whole.end, totalBytes) });
  }
  return parts;
}

/** A whole part may have been sent already, without what follows it. No part but the first is longer. */
function withTail(parts: Part[], tail: Uint8Array): Part[] {
  if (tail.byteLength === 0) return parts;
  const last = parts.at(-1) as Part;
  const room = parts.length === 1 ? tail.byteLength : Math.max(0, PART_BYTES - lengthOf(last));
  const whole = [...parts.slice(0, -1), { ...last, tail: tail.subarray(0, room) }];
  for (let from = room; from < tail.byteLength; from += PART_BYTES) {
    const number = last.number + whole.length - parts.length + 1;
    const own = tail.subarray(from, from + PART_BYTES);
    whole.push({ number, front: NOTHING, start: last.end, end: last.end, tail: own });
  }
  return whole;
}

export function lengthOf({ front, start, end, tail }: Part): number {
  return front.byteLength + end - start + tail.byteLength;
}
