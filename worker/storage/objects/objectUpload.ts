import { RecordingError } from '../../recordingError.ts';
import { readRange } from '../readRange.ts';
import type { Confirmed, Json, Waiting } from '../storage.ts';
import type { Replaced, Upload, UploadSource } from '../upload.ts';
import { createKeeper, type Keeping, NO_KEEPER } from './createKeeper.ts';
import { createRetrier } from './createRetrier.ts';
import type { KeptState } from './keptState.ts';
import type { ObjectOwnership } from './objectOwnership.ts';
import type { PartedObject } from './partedObject.ts';
import { lengthOf, PART_BYTES, type Part, planEqualParts, planParts, wholePart } from './planParts.ts';
import type { SideObjects } from './sideObjects.ts';
import { isDown, isHopeless, isPartRefused, isUploadLost, namingFailure, reasonOf } from './storeErrors.ts';

/** A part that begins with so many zeros begins in free room. */
const ROOM_BYTES = 4096;
/** For how long it is tried to remove the parts of an aborted upload. */
const ABORT_LIMIT_MS = 6_000;
/** How often an upload is begun anew because the store has lost it. */
const MOST_BEGINNINGS = 5;
/** How often in a row it may refuse the parts: as they are, of equal length, and all sent anew. */
const MOST_REFUSALS = 3;
/** A part that the store refuses is sent again after this long, because a person may have set the store right. */
const REFUSED_PAUSE_MS = 20_000;
/** After a lost upload the next one is begun, after the second time twice as long a pause, and so on. */
const FIRST_LOST_PAUSE_MS = 1_000;
const LONGEST_LOST_PAUSE_MS = 600_000;

/** What is known of an upload that another process began. */
export interface ObjectUploadState {
  readonly uploadId: string | null;
  readonly parts: readonly (readonly [number: number, etag: string])[];
  readonly kept: KeptState;
}

export interface ObjectUploadOptions {
  readonly location: string;
  /** How long it is tried, after the recording has ended, to deliver the object. */
  readonly giveUpAfterMs: number;
  /** The same, where parts of the file are in the store only. */
  readonly giveUpSettledAfterMs: number;
  /** How long the store may take to say that the object can be written, before anything is recorded. */
  readonly checkLimitMs: number;
  readonly known: ObjectUploadState;
  /** Where what another machine needs to go on is kept in the bucket; null where only this machine can go on. */
  readonly beside: Beside | null;
}

/** What is kept beside the object of an upload, how much of it, and by whom. */
export interface Beside {
  readonly objects: SideObjects;
  readonly ownership: ObjectOwnership;
  readonly keeping: Keeping;
}

/**
 * Sends whole parts of a growing file one after another in the background. The first part is sent last,
 * because the front of the file is replaced at the end. What the store does not take is tried again, as long as
 * the recording runs and for `giveUpAfterMs` after its end, so a store that is down for a while costs nothing.
 */
export function createObjectUpload(object: PartedObject, options: ObjectUploadOptions): Upload {
  const { location, known, beside } = options;
  const notWritten = `${location} cannot be written`;
  const retrier = createRetrier(isHopeless);
  const sent = new Map(known.parts);
  /** The parts that begin in the room that is kept free for the front. They are sent at the end, if at all. */
  const roomParts = new Set<number>();
  let uploadId = known.uploadId;
  let hasBegun = uploadId !== null;
  let writtenBytes = 0;
  let sending: Promise<void> | null = null;
  /** Why the last part could not be sent and is not tried again at once, and when it is. */
  let refusal: (Waiting & { readonly untilMs: number }) | null = null;
  /** How often the store has lost the upload while the recording ran. */
  let losses = 0;
  /** The last part that cannot be sent again, because its bytes are in the store only. */
  let settledPart = 0;
  /** Where the file was cut off, each time. */
  const cuts: number[] = [];
  /** Rejects if the object may not be written after all, which is known late if the store was down. */
  let checking: Promise<void> = Promise.resolve();

  const parts = () => ({ uploadId, sent });
  const keeper = beside ? createKeeper({ ...beside, known: known.kept, parts }) : NO_KEEPER;
  /** Whether another process may have completed the object. */
  const isShared = beside !== null && known.kept.isAny;

  /** Another machine may have gone on with the upload. Throws storage_failed then. */
  async function confirmOwner(): Promise<void> {
    if (keeper.state().isAny) await beside?.ownership.confirm(retrier.run);
  }

  /** Whether the object is complete. Throws if another process has completed it with other bytes. */
  async function isComplete(lengthBytes: number): Promise<boolean> {
    const thereBytes = await retrier.run(object.length);
    if (isShared && thereBytes !== null && thereBytes !== lengthBytes)
      throw new RecordingError('storage_failed', 'the object exists already and is not written over');
    return thereBytes === lengthBytes;
  }

  async function sendPart(source: UploadSource, part: Part): Promise<void> {
    const cutsBefore = cuts.length;
    const bytes = await bytesOf(source, part);
    await confirmOwner();
    hasBegun = true;
    uploadId ??= await retrier.run(object.begin);
    const id = uploadId;
    const etag = await retrier.run((signal) => object.putPart(id, part.number, bytes, signal));
    if (!cuts.slice(cutsBefore).some((atBytes) => part.end > atBytes)) sent.set(part.number, etag);
  }

  /** The first part behind part 1 that is whole, and neither sent nor left for the end. */
  function nextDue(): Part | null {
    for (let number = 2; number * PART_BYTES <= writtenBytes; number++)
      if (!sent.has(number) && !roomParts.has(number)) return wholePart(number);
    return null;
  }

  async function sendDue(source: UploadSource): Promise<void> {
    for (let part = nextDue(); part; part = nextDue()) {
      if (await beginsInRoom(source, part)) roomParts.add(part.number);
      else {
        await sendPart(source, part);
        refusal = null;
        keeper.look(source);
      }
    }
  }

  /** finish() meets the same error. Until then, nothing is sent for a while. A lost upload is begun anew then. */
  function noteRefusal(error: unknown): void {
    if (retrier.hasStopped() || !isHopeless(error)) return; // a file that was cut off meanwhile
    const isLost = isUploadLost(error);
    const lostPauseMs = Math.min(FIRST_LOST_PAUSE_MS * 2 ** losses, LONGEST_LOST_PAUSE_MS);
    if (isLost) losses++;
    if (isLost && settledPart === 0) forget();
    const untilMs = performance.now() + (isLost ? lostPauseMs : REFUSED_PAUSE_MS);
    refusal = { sinceMs: refusal?.sinceMs ?? Date.now(), reason: reasonOf(error), untilMs };
  }

  function isPausing(): boolean {
    return refusal !== null && performance.now() < refusal.untilMs;
  }

  /** Everything is sent anew, as far as this machine has it. */
  function forget(): void {
    if (settledPart === 0) uploadId = null;
    for (const number of sent.keys()) if (number > settledPart) sent.delete(number);
    keeper.forgetParts();
  }

  async function finishParts(
    source: UploadSource,
    parts: readonly Part[],
    confirmed: Confirmed,
  ): Promise<void> {
    const [first, ...others] = parts as [Part, ...Part[]];
    for (const part of others) if (!sent.has(part.number)) await sendPart(source, part);
    await sendPart(source, first);
    for (const number of sent.keys()) if (!parts.some((part) => part.number === number)) sent.delete(number);
    await source.checkOwner();
    await confirmOwner();
    await confirmed();
    const id = uploadId as string;
    await retrier.run((signal) => object.complete(id, sent, signal));
  }

  async function finish(
    source: UploadSource,
    totalBytes: number,
    replaced: Replaced,
    confirmed: Confirmed,
  ): Promise<number> {
    // What is only in the store can be delivered nowhere else.
    retrier.giveUpAfter(settledPart > 0 ? options.giveUpSettledAfterMs : options.giveUpAfterMs);
    await keeper.stop();
    await sending;
    refusal = null;
    await checking;
    let parts = planParts(totalBytes, replaced);
    if (parts.length === 1) {
      const bytes = await bytesOf(source, parts[0] as Part);
      await confirmOwner();
      await confirmed();
      if (!isShared || !(await isComplete(bytes.byteLength)))
        await retrier.run((signal) => object.putWhole(bytes, signal));
      await abortBegun();
      return bytes.byteLength;
    }
    let refusals = 0;
    for (let beginning = 1; ; beginning++) {
      const lengthBytes = parts.reduce((sum, part) => sum + lengthOf(part), 0);
      try {
        await finishParts(source, parts, confirmed);
        return lengthBytes;
      } catch (error) {
        if (!isUploadLost(error)) throw error;
        // The answer to a request that completed the object may have been lost.
        if (await isComplete(lengthBytes)) return lengthBytes;
        refusals = isPartRefused(error) ? refusals + 1 : 0;
        if (refusals === MOST_REFUSALS || beginning === MOST_BEGINNINGS) throw error;
        // A store that wants equal parts says so only now. What was sent can stay, except for the front.
        parts = refusals > 0 ? planEqualParts(totalBytes, replaced) : parts;
        if (refusals !== 1) forget();
      }
    }
  }

  /**
   * A request that was cut off may still have its effect: it may begin an upload, or add a part to one that is
   * being removed. Nobody else writes this object, so all uploads of it are removed.
   */
  async function abortBegun(): Promise<void> {
    if (!hasBegun) return;
    const tries = createRetrier(isHopeless);
    tries.giveUpAfter(ABORT_LIMIT_MS);
    const drop = async (id: string) => {
      await tries
        .run((signal) => object.drop(id, signal))
        .catch((error) => {
          if (!isUploadLost(error)) throw error;
        });
    };
    if (uploadId !== null) await drop(uploadId);
    forget();
    for (const id of await tries.run(object.begun)) await drop(id);
  }

  /** Where the store does not tell, the upload is left to whoever may have gone on with it. */
  async function isOurs(): Promise<boolean> {
    if (!beside || !keeper.state().isAny) return true;
    return beside.ownership.isOurs(AbortSignal.timeout(ABORT_LIMIT_MS)).catch(() => false);
  }

  function dropBehind(bytes: number): void {
    for (const number of sent.keys()) if (number * PART_BYTES > bytes) sent.delete(number);
  }

  function follow(source: UploadSource, bytes: number): void {
    writtenBytes = bytes;
    if (sending !== null || retrier.hasStopped() || isPausing() || nextDue() === null) return;
    sending = sendDue(source)
      .catch(noteRefusal)
      .finally(() => {
        sending = null;
      });
  }

  return {
    location,
    check: () =>
      namingFailure(notWritten, async () => {
        try {
          await object.check(AbortSignal.timeout(options.checkLimitMs));
        } catch (error) {
          if (!isDown(error)) throw error;
          checking = retrier.run(object.check);
          checking.catch(() => {}); // finish() waits for it
        }
      }),
    goOn: (source, bytes, settledBytes) => {
      settledPart = settledBytes / PART_BYTES;
      dropBehind(bytes); // what was sent may be known of a longer file
      keeper.goOn(source, bytes);
      follow(source, bytes);
    },
    follow: (source, bytes, piece) => {
      keeper.note(source, piece);
      follow(source, bytes);
    },
    cutOff: (source, bytes) => {
      cuts.push(bytes);
      writtenBytes = Math.min(writtenBytes, bytes);
      dropBehind(bytes);
      roomParts.clear();
      keeper.cutOff(source, bytes);
    },
    state: (): { [key: string]: Json } => ({
      uploadId,
      parts: [...sent],
      ...(beside ? { kept: { ...keeper.state(), holdsEnd: beside.keeping.isAskedFor } } : {}),
    }),
    waitingSince: () =>
      refusal
        ? { sinceMs: refusal.sinceMs, reason: refusal.reason }
        : (retrier.waitingSince() ?? keeper.waitingSince()),
    finish: (source, totalBytes, replaced, confirmed) =>
      namingFailure(notWritten, async () => {
        const lengthBytes = await finish(source, totalBytes, replaced, confirmed);
        await keeper.remove();
        return lengthBytes;
      }),
    stop: async () => {
      retrier.stop();
      await keeper.stop();
      await sending;
    },
    abort: async () => {
      retrier.stop();
      await keeper.stop();
      await sending;
      if (!(await isOurs())) return;
      await namingFailure(`What was sent of ${location} cannot be removed`, abortBegun);
      await keeper.remove();
    },
  };
}

/** Media never has so many zeros. If it had, the part would only be sent late. */
async function beginsInRoom(source: UploadSource, part: Part): Promise<boolean> {
  const begin = await readRange(source.partPath, part.start, ROOM_BYTES);
  return begin.every((byte) => byte === 0);
}

async function bytesOf(source: UploadSource, { front, start, end, tail }: Part): Promise<Uint8Array> {
  await source.checkOwner();
  const middle = await readRange(source.partPath, start, end - start);
  return front.byteLength + tail.byteLength === 0 ? middle : Buffer.concat([front, middle, tail]);
}
