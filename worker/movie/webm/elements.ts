/** Ids of the elements of a WebM that matter here, as they are written (RFC 9559, 5). */
export const IDS = {
  ebml: 0x1a45dfa3,
  segment: 0x18538067,
  seekHead: 0x114d9b74,
  seek: 0x4dbb,
  seekId: 0x53ab,
  seekPosition: 0x53ac,
  info: 0x1549a966,
  duration: 0x4489,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackType: 0x83,
  defaultDuration: 0x23e383,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
  blockGroup: 0xa0,
  block: 0xa1,
  cues: 0x1c53bb6b,
  cuePoint: 0xbb,
  cueTime: 0xb3,
  cueTrackPositions: 0xb7,
  cueTrack: 0xf7,
  cueClusterPosition: 0xf1,
} as const;

/** An element of a WebM, as an area of the bytes that hold it. */
export interface Element {
  readonly id: number;
  readonly start: number;
  readonly contentStart: number;
  /** Where it ends; null if its length is not known. */
  readonly end: number | null;
}

/** The element that begins at `start`, or null if too few bytes are there, or if it cannot be an element. */
export function elementAt(bytes: Buffer, start: number): Element | null {
  const idLength = lengthOfNumber(bytes[start]);
  if (idLength === null || idLength > 4 || bytes.length < start + idLength) return null;
  const id = bytes.readUIntBE(start, idLength);
  const size = numberAt(bytes, start + idLength);
  if (size === null) return null;
  const contentStart = start + idLength + size.length;
  return { id, start, contentStart, end: size.value === null ? null : contentStart + size.value };
}

/** The elements in these bytes, in order, up to the first one that is not complete. */
export function elementsIn(
  bytes: Buffer,
  start: number,
  end: number,
): (Element & { readonly end: number })[] {
  const found: (Element & { readonly end: number })[] = [];
  for (let at = start; at < end; ) {
    const element = elementAt(bytes, at);
    if (element === null || element.end === null || element.end > end) break;
    found.push({ ...element, end: element.end });
    at = element.end;
  }
  return found;
}

/** A number as lengths and track numbers are written (RFC 8794, 4). Its value is null where all bits are set. */
export function numberAt(bytes: Buffer, start: number): { value: number | null; length: number } | null {
  const length = lengthOfNumber(bytes[start]);
  if (length === null || bytes.length < start + length) return null;
  let value = (bytes[start] as number) & (0xff >> length);
  let isUnknown = value === 0xff >> length;
  for (let at = start + 1; at < start + length; at++) {
    value = value * 256 + (bytes[at] as number);
    isUnknown &&= bytes[at] === 0xff;
  }
  return { value: isUnknown ? null : value, length };
}

/** An unsigned number that fills the element. */
export function unsignedIn(bytes: Buffer, { contentStart, end }: Element): number {
  let value = 0;
  for (let at = contentStart; at < (end ?? contentStart); at++) value = value * 256 + (bytes[at] as number);
  return value;
}

function lengthOfNumber(first: number | undefined): number | null {
  return first === undefined || first === 0 ? null : Math.clz32(first) - 23;
}

/** An element with this content. */
export function makeElement(id: number, content: Buffer): Buffer {
  const idBytes = unsigned(id);
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(content.length) | (1n << 56n));
  return Buffer.concat([idBytes, size, content]);
}

/** As few bytes as the number needs, and at least one. */
export function unsigned(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  const first = bytes.findIndex((byte) => byte !== 0);
  return bytes.subarray(first === -1 ? 7 : first);
}
