/** A box of an MP4 (ISO/IEC 14496-12, 4.2), as an area of the bytes that hold it. */
export interface Box {
  readonly type: string;
  readonly start: number;
  /** Where its content begins. */
  readonly contentStart: number;
  readonly end: number;
}

/** The box that begins at `start`, or null if too few bytes are there, or if it cannot be a box. */
export function boxAt(bytes: Buffer, start: number): Box | null {
  if (bytes.length < start + 8) return null;
  const size = bytes.readUInt32BE(start);
  const type = bytes.toString('latin1', start + 4, start + 8);
  if (size !== 1) return size < 8 ? null : { type, start, contentStart: start + 8, end: start + size };
  if (bytes.length < start + 16) return null;
  const end = start + Number(bytes.readBigUInt64BE(start + 8));
  return end < start + 16 ? null : { type, start, contentStart: start + 16, end };
}

/** The boxes in the content of a box, in order. Throws if one of them reaches beyond it. */
export function childrenOf(bytes: Buffer, parent: Pick<Box, 'contentStart' | 'end' | 'type'>): Box[] {
  const children: Box[] = [];
  for (let at = parent.contentStart; at < parent.end; ) {
    const child = boxAt(bytes, at);
    if (child === null || child.end > parent.end)
      throw new Error(`the ${parent.type} box cannot be read at byte ${at}`);
    children.push(child);
    at = child.end;
  }
  return children;
}

/** The first box of that path below `parent`, such as `mdia`, `minf`. Throws if there is none. */
export function boxIn(bytes: Buffer, parent: Box, ...path: readonly string[]): Box {
  let found = parent;
  for (const type of path) {
    const child = childrenOf(bytes, found).find((one) => one.type === type);
    if (!child) throw new Error(`the ${found.type} box holds no ${type}`);
    found = child;
  }
  return found;
}

/** The bytes of a box whose content is these bytes, one after the other. */
export function makeBox(type: string, ...content: readonly Uint8Array[]): Buffer[] {
  const length = content.reduce((sum, part) => sum + part.byteLength, 8);
  return [boxHeader(type, length), ...content.map(asBuffer)];
}

/** The first 8 bytes of a box of that length. */
export function boxHeader(type: string, length: number): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(length);
  header.write(type, 4, 'latin1');
  return header;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
