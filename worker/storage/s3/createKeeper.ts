import type { Waiting } from '../storage.ts';
import type { UploadSource, WrittenPiece } from '../upload.ts';
import { createRetrier } from './createRetrier.ts';
import { encodeKept, type KeptFacts, type Range } from './keptPieces.ts';
import { PART_BYTES, SHORTEST_PART_BYTES } from './planParts.ts';
import { isHopeless } from './s3Errors.ts';
import type { SentParts } from './s3Object.ts';
import type { S3SideObjects } from './s3SideObjects.ts';

/** The first part of the object may take so much of the file at its end, whatever the front is then. */
const HEAD_BYTES = SHORTEST_PART_BYTES + 64 * 1024;
/** With half a second until a fragment is complete, less than 2 s are lost. */
const TAIL_EVERY_MS = 700;
const LOOK_EVERY_MS = 200;
const REMOVE_LIMIT_MS = 6_000;

/** How far a file is kept in the bucket, so that its parts can be gone on with on another machine. */
export interface KeptState {
  /** Grows with each process that writes the file. */
  readonly generation: number;
  /** The first parts of the file, whose bytes are kept as they are; 0 if they are not kept yet. */
  readonly headParts: number;
  /** The last part of which is kept what lies in it. */
  readonly lastPart: number;
  /** Whether anything is kept. */
  readonly isAny: boolean;
}

const GENERATION_DIGITS = 15;

/** Which process has written the object of that name. */
export function generationOf(name: string): number {
  return Number(name.slice(0, GENERATION_DIGITS));
}

export const NOTHING_KEPT: KeptState = { generation: 0, headParts: 0, lastPart: 0, isAny: false };

/**
 * Keeps in small objects beside the object what another machine needs to go on without the file: the bytes of
 * the first parts, because they are sent last, and of each part that was sent which of its bytes say what lies
 * in it. With `isDurable`, also all bytes behind the last part. What cannot be kept is tried again, and holds
 * nothing else up.
 */
export interface Keeper {
  state(): KeptState;
  waitingSince(): Waiting | null;
  /** Notes how long the file is that another process began. */
  goOn(source: UploadSource, sizeBytes: number): void;
  /** Notes that the file has these bytes now. */
  note(source: UploadSource, piece: WrittenPiece): void;
  cutOff(source: UploadSource, sizeBytes: number): void;
  /** Notes that there may be more parts that were sent. */
  look(source: UploadSource): void;
  /** The store has lost the parts that were sent. */
  forgetParts(): void;
  /** Resolves once nothing more is kept. */
  stop(): Promise<void>;
  /** Removes all of it. Never throws: what is left is small, and harms nothing. */
  remove(): Promise<void>;
}

export function createKeeper(given: {
  readonly objects: S3SideObjects;
  readonly isDurable: boolean;
  readonly known: KeptState;
  /** What the upload has sent. */
  readonly parts: () => { readonly uploadId: string | null; readonly sent: SentParts };
}): Keeper {
  const { objects, isDurable, known, parts } = given;
  const retrier = createRetrier(isHopeless);
  // It is higher than that of every process before, also of one that had no time to tell of its own.
  const generation = Math.max(known.generation + 1, Date.now());
  let { headParts, lastPart, isAny } = known;
  let number = 0;
  let isReadable = isAny;
  /** How many parts belong to the head; 0 if that is not known yet. */
  let wantedHead = headParts;
  let heldBytes = 0;
  let writtenBytes = lastPart * PART_BYTES;
  /** Until where the file is kept with all its bytes, or its parts were sent. */
  let keptUntil = writtenBytes;
  let headers: Range[] = [];
  let changes: Range[] = [];
  let cut: number | null = null;
  let tails: { readonly name: string; readonly until: number }[] = [];
  let tailAtMs = 0;
  /** How long the file was when another process kept the end of it; null if there is nothing of that left. */
  let earlierTailsUntil: number | null = null;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  async function put(source: UploadSource, kind: string, facts: KeptFacts, ranges: readonly Range[]) {
    await source.checkOwner();
    // Without the right to list them, they could neither be read nor removed, so nothing is kept.
    if (!isAny) await retrier.run(objects.names);
    const name = `${String(generation).padStart(GENERATION_DIGITS, '0')}-${String(++number).padStart(7, '0')}-${kind}`;
    const bytes = await encodeKept(facts, source.partPath, ranges);
    await retrier.run((signal) => objects.put(name, bytes, signal));
    isAny = true;
    return name;
  }

  /** Keeps the next thing that is due. Resolves to whether there was one. */
  async function keepNext(source: UploadSource): Promise<boolean> {
    if (!isReadable) return false;
    if (cut !== null || changes.length > 0) return keepChanges(source);
    if (headParts < wantedHead) return keepHead(source);
    if (headParts > 0 && parts().sent.has(lastPart + 1)) return keepPart(source);
    if (isDurable && writtenBytes > keptUntil && performance.now() - tailAtMs >= TAIL_EVERY_MS)
      return keepTail(source);
    return false;
  }

  async function keepChanges(source: UploadSource): Promise<true> {
    const [cutNow, changed] = [cut, changes];
    [cut, changes] = [null, []];
    await put(source, 'change', cutNow === null ? {} : { cut: cutNow }, changed);
    return true;
  }

  async function keepHead(source: UploadSource): Promise<true> {
    const now = wantedHead;
    await put(source, 'head', { headParts: now }, [{ position: 0, length: now * PART_BYTES }]);
    if (now !== wantedHead) return true; // the file was cut off meanwhile
    headParts = now;
    await advance(now);
    return true;
  }

  async function keepPart(source: UploadSource): Promise<true> {
    const now = lastPart + 1;
    const { uploadId, sent } = parts();
    const part = { uploadId: String(uploadId), number: now, etag: String(sent.get(now)) };
    const isWithin = ({ position }: Range) => position < now * PART_BYTES;
    await put(source, `part-${now}`, { part }, headers.filter(isWithin));
    if (sent.get(now) === part.etag && parts().uploadId === uploadId) await advance(now);
    return true;
  }

  async function keepTail(source: UploadSource): Promise<true> {
    const [from, until] = [keptUntil, Math.min(writtenBytes, keptUntil + PART_BYTES)];
    tailAtMs = performance.now();
    const name = await put(source, 'tail', { whole: [from, until] }, [
      { position: from, length: until - from },
    ]);
    tails.push({ name, until });
    if (keptUntil === from) keptUntil = Math.min(until, writtenBytes);
    return true;
  }

  /** Everything up to the end of that part is kept, so tails in front of it are of no more use. */
  async function advance(part: number): Promise<void> {
    lastPart = part;
    const until = part * PART_BYTES;
    keptUntil = Math.max(keptUntil, until);
    headers = headers.filter(({ position }) => position >= until);
    const old = tails.filter((tail) => tail.until <= until).map(({ name }) => name);
    tails = tails.filter((tail) => tail.until > until);
    if (earlierTailsUntil !== null && earlierTailsUntil <= until) {
      earlierTailsUntil = null;
      const names = await retrier.run(objects.names);
      old.push(...names.filter((name) => name.endsWith('-tail') && generationOf(name) < generation));
    }
    for (const name of old) await retrier.run((signal) => objects.remove(name, signal));
  }

  function look(source: UploadSource): void {
    if (!isReadable || retrier.hasStopped()) return;
    if (isDurable) timer ??= setInterval(() => look(source), LOOK_EVERY_MS).unref();
    running ??= keepAll(source).finally(() => {
      running = null;
    });
  }

  async function keepAll(source: UploadSource): Promise<void> {
    try {
      while (await keepNext(source));
    } catch {
      retrier.stop(); // it belongs to another process now, or the store refuses it for good
    }
  }

  /** Whether what stands before the last whole part suffices for the first part of the object. */
  function noteHead(length: number): void {
    if (wantedHead > 0) return;
    heldBytes += length;
    const whole = Math.floor(writtenBytes / PART_BYTES);
    if (heldBytes - (writtenBytes - whole * PART_BYTES) >= HEAD_BYTES) wantedHead = whole;
  }

  async function stop(): Promise<void> {
    if (timer) clearInterval(timer);
    retrier.stop();
    await running;
  }

  return {
    state: () => ({ generation, headParts, lastPart, isAny }),
    waitingSince: () => (isDurable ? retrier.waitingSince() : null),
    goOn: (source, sizeBytes) => {
      // Nobody knows here which of these bytes say what lies in them.
      if (sizeBytes > keptUntil) headers.push({ position: keptUntil, length: sizeBytes - keptUntil });
      if (isAny) [earlierTailsUntil, cut] = [sizeBytes, sizeBytes]; // what the other process still adds does not count
      writtenBytes = sizeBytes;
      look(source);
    },
    note: (source, { position, length, headerBytes }) => {
      isReadable ||= headerBytes > 0;
      if (position < keptUntil) changes.push({ position, length });
      else if (headerBytes > 0) headers.push({ position, length: headerBytes });
      writtenBytes = Math.max(writtenBytes, position + length);
      noteHead(length);
      look(source);
    },
    cutOff: (source, sizeBytes) => {
      const within = ({ position }: Range) => position < sizeBytes;
      const clipped = (range: Range) => ({
        ...range,
        length: Math.min(range.length, sizeBytes - range.position),
      });
      headers = headers.filter(within).map(clipped);
      changes = changes.filter(within).map(clipped);
      if (earlierTailsUntil !== null) earlierTailsUntil = Math.min(earlierTailsUntil, sizeBytes);
      if (isAny || running) cut = Math.min(cut ?? sizeBytes, sizeBytes);
      writtenBytes = sizeBytes;
      keptUntil = Math.min(keptUntil, sizeBytes);
      lastPart = Math.min(lastPart, Math.floor(sizeBytes / PART_BYTES));
      if (lastPart < headParts) [headParts, wantedHead, lastPart, heldBytes] = [0, 0, 0, 0];
      look(source);
    },
    look,
    forgetParts: () => {
      lastPart = headParts;
    },
    stop,
    remove: async () => {
      await stop();
      if (!isAny) return;
      const tries = createRetrier(isHopeless);
      tries.giveUpAfter(REMOVE_LIMIT_MS);
      await tries.run(objects.removeAll).catch(() => {});
    },
  };
}
