import { readRange } from '../readRange.ts';

/** Blocks of this length that hold only zeros are left out: they are the room at the front of a file. */
export const BLOCK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** An area of a file. */
export interface Range {
  readonly position: number;
  readonly length: number;
}

/** What of the areas lies before that position. */
export function rangesBefore(ranges: readonly Range[], untilBytes: number): Range[] {
  return ranges.flatMap(({ position, length }) =>
    position < untilBytes ? [{ position, length: Math.min(length, untilBytes - position) }] : [],
  );
}

/** What of the areas lies at that position or behind it. */
export function rangesFrom(ranges: readonly Range[], fromBytes: number): Range[] {
  return ranges.flatMap(({ position, length }) => {
    const from = Math.max(position, fromBytes);
    return position + length > from ? [{ position: from, length: position + length - from }] : [];
  });
}

/** What an object says of the file beside its bytes. All of it is JSON. */
export interface KeptFacts {
  /** The file was cut off there before the pieces were written. */
  readonly cut?: number;
  /** The pieces are the first parts of the file, this many. */
  readonly headParts?: number;
  /** The pieces are everything from there to there. */
  readonly whole?: readonly [from: number, until: number];
  /** This part of that upload was sent, and the pieces say what lies in it. */
  readonly part?: { readonly uploadId: string; readonly number: number; readonly etag: string };
}

export interface Kept extends KeptFacts {
  readonly pieces: readonly { readonly position: number; readonly bytes: Buffer }[];
}

/** Reads those areas of the file at `path`, and makes the bytes of an object of them. */
export async function encodeKept(facts: KeptFacts, path: string, ranges: readonly Range[]): Promise<Buffer> {
  const pieces: Kept['pieces'][number][] = [];
  for (const { position, length } of ranges) {
    const bytes = await readRange(path, position, length);
    for (let from = 0; from < length; from += BLOCK_BYTES) {
      const block = bytes.subarray(from, Math.min(length, from + BLOCK_BYTES));
      if (block.some((byte) => byte !== 0)) pieces.push({ position: position + from, bytes: block });
    }
  }
  const places = pieces.map(({ position, bytes }) => [position, bytes.length]);
  const line = `${JSON.stringify({ ...facts, pieces: places })}\n`;
  return Buffer.concat([Buffer.from(line), ...pieces.map(({ bytes }) => bytes)]);
}

/** Reads the bytes of an object. */
export function decodeKept(object: Buffer): Kept {
  const lineEnd = object.indexOf(NEWLINE);
  const { pieces, ...facts } = JSON.parse(object.toString('utf8', 0, lineEnd)) as KeptFacts & {
    pieces: [position: number, length: number][];
  };
  let at = lineEnd + 1;
  const read = pieces.map(([position, length]) => {
    at += length;
    return { position, bytes: object.subarray(at - length, at) };
  });
  return { ...facts, pieces: read };
}
