import { boxHeader, makeBox } from './boxes.ts';
import type { Moov } from './makeMoov.ts';

/** Major brand, its version, and what else the file is compatible with (ISO/IEC 14496-12, 4.3). */
const BRANDS = ['isom', '\0\0\x02\0', 'isom', 'iso2', 'avc1', 'mp41'];
const FRAGMENTED_BRANDS = ['iso5', '\0\0\x02\0', 'iso5', 'iso6', 'mp41'];
const LARGEST_UINT32 = 0xffff_ffff;

/** The first box of a file that is made of fragments. */
export function fragmentedFileType(): Buffer {
  return Buffer.concat(makeBox('ftyp', Buffer.from(FRAGMENTED_BRANDS.join(''), 'latin1')));
}

/**
 * What stands before the media of an ordinary file, and what behind it. The file is `sizeBytes` long, and its
 * media begins at `mediaStart`. If the front has `frontBytes` and the index does not fit into it, the index
 * stands behind the media.
 */
export function makeFront(given: {
  readonly moov: Moov;
  readonly sizeBytes: number;
  readonly mediaStart: number;
  readonly frontBytes: number | null;
}): { front: Buffer; tail: Buffer } {
  const { moov, sizeBytes, mediaStart, frontBytes } = given;
  const fileType = Buffer.concat(makeBox('ftyp', Buffer.from(BRANDS.join(''), 'latin1')));
  const mediaHeader = mdatHeader(sizeBytes - mediaStart);
  const needed = fileType.length + moov.lengthBytes + mediaHeader.length;
  if (frontBytes === null)
    return {
      front: Buffer.concat([fileType, ...moov.parts(needed - mediaStart), mediaHeader]),
      tail: Buffer.alloc(0),
    };
  const free = frontBytes - needed;
  if (free === 0 || free >= 8) {
    const parts = moov.parts(frontBytes - mediaStart);
    return {
      front: Buffer.concat([fileType, ...parts, ...freeBox(free), mediaHeader]),
      tail: Buffer.alloc(0),
    };
  }
  const freeWithoutIndex = freeBox(frontBytes - fileType.length - mediaHeader.length);
  return {
    front: Buffer.concat([fileType, ...freeWithoutIndex, mediaHeader]),
    tail: Buffer.concat(moov.parts(frontBytes - mediaStart)),
  };
}

/** A box of that many bytes that holds nothing. */
export function freeBox(length: number): Buffer[] {
  return length === 0 ? [] : [boxHeader('free', length), Buffer.alloc(length - 8)];
}

/** The header of the box that holds all media, with the remains of the fragments in it. */
function mdatHeader(contentBytes: number): Buffer {
  if (contentBytes + 8 <= LARGEST_UINT32) return boxHeader('mdat', contentBytes + 8);
  const header = Buffer.alloc(16);
  boxHeader('mdat', 1).copy(header);
  header.writeBigUInt64BE(BigInt(contentBytes + 16), 8);
  return header;
}
