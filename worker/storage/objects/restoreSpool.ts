import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeSentMark } from '../sentMark.ts';
import { writeAll } from '../writeAll.ts';
import { decodeKept, type Kept } from './keptPieces.ts';
import { generationOf, type KeptState } from './keptState.ts';
import type { SentParts } from './partedObject.ts';
import { PART_BYTES } from './planParts.ts';
import type { SideObjects } from './sideObjects.ts';

const FETCHED_AT_ONCE = 8;

/** What another process has kept of an upload in the bucket. */
export interface Restored {
  readonly uploadId: string | null;
  readonly parts: readonly (readonly [number: number, etag: string])[];
  readonly kept: KeptState;
}

/** What the objects say, one after the other. */
interface Read {
  headParts: number;
  uploadId: string | null;
  parts: Map<number, string>;
  whole: (readonly [from: number, until: number])[];
}

/**
 * Makes the file at `partPath` of what another process has kept of it in the bucket. What lies in parts that
 * were sent is a hole in it, apart from what says where the samples are. A mark beside the file tells how far
 * that goes. `known` is what its manifest says. `partsOf` asks the store which parts it has. Resolves to null if nothing that can be gone on with
 * is there.
 */
export async function restoreSpool(
  objects: SideObjects,
  partPath: string,
  known: KeptState,
  partsOf: (uploadId: string) => Promise<SentParts>,
  signal: AbortSignal,
): Promise<Restored | null> {
  const names = await objects.names(signal);
  if (names.length === 0) return null;
  await mkdir(dirname(partPath), { recursive: true, mode: 0o700 });
  const path = `${partPath}.json.restored`; // without a `.part`, this is deleted as something left behind
  const file = await open(path, 'w+', 0o600);
  try {
    const read: Read = { headParts: 0, uploadId: null, parts: new Map(), whole: [] };
    for (let at = 0; at < names.length; at += FETCHED_AT_ONCE) {
      const some = names.slice(at, at + FETCHED_AT_ONCE);
      const fetched = await Promise.all(some.map((name) => objects.get(name, signal)));
      for (const kept of fetched.map(decodeKept)) {
        noteFacts(read, kept);
        if (kept.cut !== undefined) await file.truncate(kept.cut);
        for (const { bytes, position } of kept.pieces) await writeAll(file, bytes, position);
      }
    }
    const stored = read.uploadId === null ? new Map() : await partsOf(read.uploadId);
    const lastPart = lastOf(read, stored);
    const sizeBytes = endOf(read.whole, lastPart * PART_BYTES);
    if (sizeBytes === 0) return null;
    await file.truncate(sizeBytes);
    await file.sync();
    const generation = Math.max(known.generation, ...names.map(generationOf));
    const kept = { generation, headParts: read.headParts, lastPart, isAny: true };
    const parts = [...read.parts].filter(([number]) => isStored(number, read, stored));
    const restored = { uploadId: stored.size === 0 ? null : read.uploadId, parts, kept };
    const settledBytes = lastPart > read.headParts ? lastPart * PART_BYTES : 0;
    await writeSentMark(partPath, { settledBytes, upload: { ...restored, kept: { ...kept } } });
    await rename(path, partPath);
    return restored;
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}

function noteFacts(read: Read, { cut, headParts, whole, part }: Kept): void {
  if (cut !== undefined) {
    for (const number of [...read.parts.keys()]) if (number * PART_BYTES > cut) read.parts.delete(number);
    read.whole = read.whole.map(([from, until]) => [Math.min(from, cut), Math.min(until, cut)] as const);
    if (read.headParts * PART_BYTES > cut) read.headParts = 0;
  }
  if (headParts !== undefined) read.headParts = headParts;
  if (whole) read.whole.push(whole);
  if (!part) return;
  if (part.uploadId !== read.uploadId) read.parts.clear(); // the store had lost the upload before
  read.uploadId = part.uploadId;
  read.parts.set(part.number, part.etag);
}

/** The last of the parts that follow on the head without a hole, and are in the store as they were sent. */
function lastOf(read: Read, stored: SentParts): number {
  const { headParts } = read;
  if (headParts === 0) return 0;
  let last = headParts;
  while (isStored(last + 1, read, stored)) last++;
  return last;
}

/** Stores do not agree on whether an ETag is in quotation marks. */
function isStored(number: number, { parts }: Read, stored: SentParts): boolean {
  const [sent, there] = [parts.get(number), stored.get(number)].map((etag) => etag?.replaceAll('"', ''));
  return sent !== undefined && sent === there;
}

/** Until where the file is whole, from that position on. */
function endOf(whole: Read['whole'], position: number): number {
  let end = position;
  for (const [from, until] of whole) if (from <= end) end = Math.max(end, until);
  return end;
}
