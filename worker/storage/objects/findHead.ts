import { readRange } from '../readRange.ts';
import { BLOCK_BYTES } from './keptPieces.ts';
import { PART_BYTES, SHORTEST_PART_BYTES } from './planParts.ts';

/** The first part of the object may take so much of the file at its end, whatever the front is then. */
const HEAD_BYTES = SHORTEST_PART_BYTES + 4 * BLOCK_BYTES;

/** Finds out how many parts at the front of a file are sent last. */
export interface HeadFinder {
  /** Resolves to the number of parts; null if a file of that length has too few of them. */
  find(partPath: string, sizeBytes: number): Promise<number | null>;
}

/**
 * The front of a file is room that is kept free, and holds zeros. How much it is, only its bytes tell. They are read
 * once, so a file that was cut off needs another finder.
 */
export function createHeadFinder(): HeadFinder {
  let parts = 0;
  let heldBytes = 0;
  return {
    find: async (partPath, sizeBytes) => {
      while (heldBytes < HEAD_BYTES) {
        if ((parts + 1) * PART_BYTES > sizeBytes) return null;
        heldBytes += heldIn(await readRange(partPath, parts * PART_BYTES, PART_BYTES));
        parts++;
      }
      return parts;
    },
  };
}

function heldIn(bytes: Buffer): number {
  let heldBytes = 0;
  for (let from = 0; from < bytes.length; from += BLOCK_BYTES)
    if (bytes.subarray(from, from + BLOCK_BYTES).some((byte) => byte !== 0)) heldBytes += BLOCK_BYTES;
  return heldBytes;
}
