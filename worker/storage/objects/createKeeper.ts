import { messageOf, RecordingError } from '../../recordingError.ts';
import type { Waiting } from '../storage.ts';
import type { UploadSource, WrittenPiece } from '../upload.ts';
import { createRetrier } from './createRetrier.ts';
import { createHeadFinder } from './findHead.ts';
import { encodeKept, type KeptFacts, type Range, rangesBefore, rangesFrom } from './keptPieces.ts';
import { type KeptState, NOTHING_KEPT, nameOfKept } from './keptState.ts';
import { createKeptTails } from './keptTails.ts';
import type { ObjectOwnership } from './objectOwnership.ts';
import type { SentParts } from './partedObject.ts';
import { PART_BYTES } from './planParts.ts';
import { removeInBackground } from './removeInBackground.ts';
import type { SideObjects } from './sideObjects.ts';
import { isDenied, isHopeless } from './storeErrors.ts';

const LOOK_EVERY_MS = 200;
const CONFIRM_EVERY_MS = 10_000;
/** What has failed here is tried again after the first time, and what the store refuses after the second. */
const FAILED_PAUSE_MS = 1_000;
const REFUSED_PAUSE_MS = 20_000;

/** How much is kept beside an object. */
export interface Keeping {
  /** How often the bytes are kept that do not fill a part yet. */
  readonly tailEveryMs: number;
  /**
   * Whether the job asks for it. Otherwise the end of a file that fills a part in a shorter time is not kept, and
   * nothing at all if the store or its key do not allow it. Nobody is told of that.
   */
  readonly isAskedFor: boolean;
}

/**
 * Keeps in small objects beside the object what another machine needs to go on without the file: the bytes of
 * the first parts, because they are sent last; of each part that was sent, which of its bytes say what lies in it; and
 * from time to time all bytes behind the last part. What cannot be kept is tried again, and holds nothing else up.
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

/** Keeps nothing. */
export const NO_KEEPER: Keeper = {
  state: () => NOTHING_KEPT,
  waitingSince: () => null,
  goOn: () => {},
  note: () => {},
  cutOff: () => {},
  look: () => {},
  forgetParts: () => {},
  stop: async () => {},
  remove: async () => {},
};

export function createKeeper(given: {
  readonly objects: SideObjects;
  readonly ownership: ObjectOwnership;
  readonly keeping: Keeping;
  readonly known: KeptState;
  /** What the upload has sent. */
  readonly parts: () => { readonly uploadId: string | null; readonly sent: SentParts };
}): Keeper {
  const { objects, ownership, known, parts } = given;
  const { tailEveryMs, isAskedFor } = given.keeping;
  const isInVain = (error: unknown) => isHopeless(error) || (!isAskedFor && isDenied(error));
  const retrier = createRetrier(isInVain);
  const removal = removeInBackground(objects);
  // It is higher than that of every process before, also of one that had no time to tell of its own.
  const generation = Math.max(known.generation + 1, Date.now());
  const tails = createKeptTails({ generation, everyMs: tailEveryMs, isPartEnough: !isAskedFor, removal });
  let { headParts, lastPart, isAny } = known;
  let number = 0;
  let head = createHeadFinder();
  let isReadable = isAny;
  let writtenBytes = lastPart * PART_BYTES;
  /** Until where the file is kept with all its bytes, or its parts were sent. */
  let keptUntil = writtenBytes;
  let headers: Range[] = [];
  let changes: Range[] = [];
  let cut: number | null = null;
  /** How often it was cut off, so that what was read before counts no more. */
  let cuts = 0;
  let confirmedAtMs = Number.NEGATIVE_INFINITY;
  let failure: (Waiting & { readonly untilMs: number }) | null = null;
  let [keeping, keepingHead]: (Promise<void> | null)[] = [null, null];
  let timer: NodeJS.Timeout | null = null;

  async function put(source: UploadSource, kind: string, facts: KeptFacts, ranges: readonly Range[]) {
    const name = nameOfKept(generation, ++number, kind);
    await source.checkOwner();
    if (!isAny) await requireRights(name);
    else if (performance.now() - confirmedAtMs >= CONFIRM_EVERY_MS) {
      await ownership.confirm(retrier.run);
      confirmedAtMs = performance.now();
    }
    const bytes = await encodeKept(facts, source.partPath, ranges);
    await retrier.run((signal) => objects.put(name, bytes, signal));
    isAny = true;
    failure = null;
    return name;
  }

  /** Without the right to list them, they could neither be read nor removed, so nothing is kept. */
  async function requireRights(name: string): Promise<void> {
    await retrier.run(objects.names);
    if (isAskedFor) return;
    await retrier.run(objects.owner);
    await retrier.run((signal) => objects.remove([name], signal)); // there is none of that name yet
  }

  /** Keeps the next thing that is due. Resolves to whether there was one. */
  async function keepNext(source: UploadSource): Promise<boolean> {
    if (cut !== null || changes.length > 0) return keepChanges(source);
    if (headParts > 0 && parts().sent.has(lastPart + 1)) return keepPart(source);
    if (writtenBytes > keptUntil && tails.isDue()) return keepTail(source);
    return false;
  }

  async function keepChanges(source: UploadSource): Promise<true> {
    const [cutNow, changed] = [cut, changes];
    [cut, changes] = [null, []];
    try {
      await put(source, 'change', cutNow === null ? {} : { cut: cutNow }, changed);
    } catch (error) {
      if (cutNow !== null) cut = Math.min(cutNow, cut ?? cutNow);
      changes = rangesBefore([...changed, ...changes], writtenBytes);
      throw error;
    }
    return true;
  }

  /** The head is long, so what is due meanwhile does not wait for it. */
  async function keepHead(source: UploadSource): Promise<boolean> {
    if (headParts > 0 || cut !== null || changes.length > 0) return false;
    const cutsBefore = cuts;
    const now = await head.find(source.partPath, writtenBytes);
    if (now === null || cutsBefore !== cuts) return false;
    await put(source, 'head', { headParts: now }, [{ position: 0, length: now * PART_BYTES }]);
    if (cutsBefore !== cuts) return false;
    headParts = now;
    advance(now);
    return true;
  }

  async function keepPart(source: UploadSource): Promise<true> {
    const now = lastPart + 1;
    const { uploadId, sent } = parts();
    const part = { uploadId: String(uploadId), number: now, etag: String(sent.get(now)) };
    await put(source, `part-${now}`, { part }, rangesBefore(headers, now * PART_BYTES));
    if (sent.get(now) === part.etag && parts().uploadId === uploadId) advance(now);
    return true;
  }

  async function keepTail(source: UploadSource): Promise<true> {
    const [from, until] = [keptUntil, Math.min(writtenBytes, keptUntil + PART_BYTES)];
    tails.startOne();
    const name = await put(source, 'tail', { whole: [from, until] }, [
      { position: from, length: until - from },
    ]);
    tails.add(name, until);
    if (keptUntil === from) keptUntil = Math.min(until, writtenBytes);
    return true;
  }

  /** Everything up to the end of that part is kept, so tails in front of it are of no more use. */
  function advance(part: number): void {
    lastPart = part;
    const until = part * PART_BYTES;
    keptUntil = Math.max(keptUntil, until);
    headers = rangesFrom(headers, until);
    tails.partKept(until);
  }

  function look(source: UploadSource): void {
    if (!isReadable || retrier.hasStopped()) return;
    timer ??= setInterval(() => look(source), LOOK_EVERY_MS).unref();
    if (failure && performance.now() < failure.untilMs) return;
    keeping ??= keepAll(() => keepNext(source)).finally(() => {
      keeping = null;
    });
    keepingHead ??= keepAll(() => keepHead(source)).finally(() => {
      keepingHead = null;
    });
  }

  async function keepAll(keepOne: () => Promise<boolean>): Promise<void> {
    try {
      while (await keepOne());
    } catch (error) {
      if (retrier.hasStopped()) return;
      const isRefused = isInVain(error);
      if (isRefused && !isAskedFor) return giveUp();
      const untilMs = performance.now() + (isRefused ? REFUSED_PAUSE_MS : FAILED_PAUSE_MS);
      failure = { sinceMs: failure?.sinceMs ?? Date.now(), reason: messageOf(error), untilMs };
      if (error instanceof RecordingError) retrier.stop(); // it belongs to another process now
    }
  }

  /** What was kept until now is still of use. */
  function giveUp(): void {
    failure = null;
    if (timer) clearInterval(timer);
    retrier.stop();
  }

  async function stop(): Promise<void> {
    if (timer) clearInterval(timer);
    retrier.stop();
    removal.stop();
    await Promise.all([keeping, keepingHead]);
  }

  /** What is known of a longer file counts only as far as the file goes. */
  function clipTo(sizeBytes: number): void {
    headers = rangesBefore(headers, sizeBytes);
    changes = rangesBefore(changes, sizeBytes);
    tails.cutOff(sizeBytes);
    writtenBytes = sizeBytes;
    keptUntil = Math.min(keptUntil, sizeBytes);
    lastPart = Math.min(lastPart, Math.floor(sizeBytes / PART_BYTES));
    if (lastPart < headParts) [headParts, lastPart] = [0, 0];
    head = createHeadFinder();
    cuts++;
  }

  return {
    state: () => ({ generation, headParts, lastPart, isAny }),
    waitingSince: () => failure ?? (retrier.hasStopped() ? null : retrier.waitingSince()),
    goOn: (source, sizeBytes) => {
      clipTo(sizeBytes);
      tails.begin();
      // Nobody knows here which of these bytes say what lies in them.
      if (sizeBytes > keptUntil) headers.push({ position: keptUntil, length: sizeBytes - keptUntil });
      if (isAny) {
        tails.afterAnother(sizeBytes);
        cut = sizeBytes; // what the other process still adds does not count
      }
      look(source);
    },
    note: (source, { position, length, headerBytes }) => {
      isReadable ||= headerBytes > 0;
      tails.begin();
      if (position < keptUntil) changes.push({ position, length });
      else if (headerBytes > 0) headers.push({ position, length: headerBytes });
      writtenBytes = Math.max(writtenBytes, position + length);
      look(source);
    },
    cutOff: (source, sizeBytes) => {
      clipTo(sizeBytes);
      if (isAny || keeping || keepingHead) cut = Math.min(cut ?? sizeBytes, sizeBytes);
      look(source);
    },
    look,
    forgetParts: () => {
      lastPart = headParts;
    },
    stop,
    remove: async () => {
      await stop();
      if (isAny) await removal.removeAll();
    },
  };
}
