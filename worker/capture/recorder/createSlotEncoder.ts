import type { PictureFormat, RecordedEncoding } from '../../../shared/recorder/recorderCalls.ts';
import type { PictureCounts } from '../../../shared/recorder/recorderMessages.ts';
import { encoderConfig } from './encoderConfig.ts';
import { createPictureRepeater, type PictureRepeater } from './h264/repeatPictures.ts';
import type { Movie } from './openMovie.ts';

/**
 * If more new frames than this wait in the encoder's queue, the next is dropped, because each holds one of
 * the capturer's few buffers.
 */
const MAX_QUEUED = 5;
/** Repeats share one buffer, so more of them may wait: as many as one second needs. */
const MAX_QUEUED_REPEATS = 30;
/**
 * A picture is encoded again as long as that makes it better: until the encoder needs so little for it, as a share of what the
 * bitrate allows, or in bytes.
 */
const SETTLED_SHARE = 0.1;
const SETTLED_BYTES = 800;

/**
 * Encodes pictures for the slots of a timeline with a constant frame rate, and counts them. Once it is closed,
 * it encodes and counts no more.
 */
export interface SlotEncoder {
  /** Encodes a picture. If the encoder is behind, the picture is dropped and counted. */
  encode(slot: number, frame: VideoFrame): void;
  /**
   * Shows the same picture in this many slots, up to but not including `untilSlot`. If that goes on for a while, H.264 needs no
   * encoding for it.
   */
  repeat(frame: VideoFrame, times: number, untilSlot: number): void;
  /**
   * Leaves this many slots to the picture before them, because the machine had no time for pictures of their
   * own, and counts them.
   */
  skip(times: number): void;
  counts(): PictureCounts;
  /**
   * Encodes what is queued, and closes. The last slot is always filled, so that the picture lasts as long as
   * the timeline.
   */
  finish(lastSlot: number, lastFrame: VideoFrame): Promise<void>;
  /** Drops what is queued. */
  close(): void;
}

export function createSlotEncoder(given: {
  picture: PictureFormat;
  encoding: RecordedEncoding;
  movie: Pick<Movie, 'addPicture'>;
  /** The slots of the recording before this one are not this encoder's to fill. */
  firstSlot: number;
  /** Up to where they are filled, in seconds of the timeline: the others count as dropped. */
  writtenS: number;
  onError: (error: unknown) => void;
}): SlotEncoder {
  const { picture, encoding, movie, onError } = given;
  const keyFrameSlots = Math.round(encoding.keyFrameIntervalS * picture.framesPerSecond);
  const slotUs = 1e6 / picture.framesPerSecond;
  let frames = 0;
  let droppedFrames = given.firstSlot - Math.round(given.writtenS * picture.framesPerSecond);
  let lastFilled = given.firstSlot - 1;
  let keyFrameDue = 0;
  const settledBytes = Math.max(
    SETTLED_BYTES,
    (SETTLED_SHARE * encoding.videoBitrateBps) / 8 / picture.framesPerSecond,
  );
  let lastBytes = Number.POSITIVE_INFINITY;
  /** Slots that show the picture before them again, as soon as the encoder has made that one. */
  const again: number[] = [];
  let lastGiven = -1;
  let lastMade = -1;
  let lastAdded = -1;
  /** Given since the last key frame: the encoder makes every second one so that no other picture depends on it. */
  let givenSinceKey = 0;
  const repeater = encoding.container === 'webm' ? null : createPictureRepeater();
  const add = (slot: number, chunk: EncodedVideoChunk, metadata?: EncodedVideoChunkMetadata) => {
    lastAdded = slot;
    movie.addPicture(chunk, metadata, chunk.timestamp / 1e6, slotUs / 1e6);
  };
  const encoder = new VideoEncoder({
    error: onError,
    output: (chunk, metadata) => {
      const slot = Math.round(chunk.timestamp / slotUs);
      addRepeats(slot);
      lastMade = slot;
      lastBytes = chunk.byteLength;
      add(slot, repeater ? passed(chunk, metadata, repeater) : chunk, metadata);
      if (slot === lastGiven) addRepeats(Number.POSITIVE_INFINITY);
    },
  });
  encoder.configure(encoderConfig(picture, encoding));
  /** An encoder that fails closes itself. */
  const isClosed = () => encoder.state === 'closed';

  function addRepeats(untilSlot: number): void {
    while (again[0] !== undefined && again[0] < untilSlot) {
      const slot = Number(again.shift());
      const data = repeater?.again();
      if (data == null) {
        frames--;
        droppedFrames++;
        continue;
      }
      const timing = { timestamp: Math.round(slot * slotUs), duration: Math.round(slotUs) };
      add(slot, new EncodedVideoChunk({ type: 'delta', data, ...timing }));
    }
  }

  /** Whether the encoder is not needed: it has nothing left to improve, and no key frame is due. */
  function showAgain(slot: number): boolean {
    if (repeater === null || isClosed()) return false;
    if (slot >= keyFrameDue || lastBytes > settledBytes) return false;
    // Of two pictures, no other one depends on the second: the next one is encoded then.
    const isMade = lastMade === lastGiven;
    if (isMade ? !repeater.canRepeat() : givenSinceKey % 2 === 0) return false;
    frames++;
    lastFilled = slot;
    again.push(slot);
    if (isMade) addRepeats(Number.POSITIVE_INFINITY);
    return true;
  }

  function encode(slot: number, frame: VideoFrame, maxQueued: number): void {
    if (isClosed()) return;
    if (encoder.encodeQueueSize >= maxQueued) {
      droppedFrames++;
      return;
    }
    frames++;
    lastGiven = slot;
    lastFilled = slot;
    // If the picture on the grid of key frames is dropped, the next one that is encoded becomes the key frame.
    const keyFrame = slot >= keyFrameDue;
    if (keyFrame) keyFrameDue = (Math.floor(slot / keyFrameSlots) + 1) * keyFrameSlots;
    givenSinceKey = keyFrame ? 1 : givenSinceKey + 1;
    const timing = { timestamp: Math.round(slot * slotUs), duration: Math.round(slotUs) };
    const stamped = new VideoFrame(frame, timing);
    encoder.encode(stamped, { keyFrame });
    stamped.close();
  }

  /** Fills the last slot, unless it was filled. */
  function fillLast(slot: number, frame: VideoFrame, filled: number): void {
    if (isClosed() || filled >= slot) return;
    encode(slot, frame, Number.POSITIVE_INFINITY);
    droppedFrames--;
  }

  function close(): void {
    if (!isClosed()) encoder.close();
  }

  return {
    encode: (slot, frame) => encode(slot, frame, MAX_QUEUED),
    repeat: (frame, times, untilSlot) => {
      for (let slot = untilSlot - times; slot < untilSlot; slot++)
        if (!showAgain(slot)) encode(slot, frame, MAX_QUEUED_REPEATS);
    },
    skip: (times) => {
      if (!isClosed()) droppedFrames += times;
    },
    counts: () => ({ frames, droppedFrames }),
    finish: async (lastSlot, lastFrame) => {
      if (isClosed()) return;
      fillLast(lastSlot, lastFrame, lastFilled);
      await encoder.flush().catch(onError);
      addRepeats(Number.POSITIVE_INFINITY);
      // A repeat that could not be made leaves its slot empty.
      fillLast(lastSlot, lastFrame, lastAdded);
      if (!isClosed()) await encoder.flush().catch(onError);
      close();
    },
    close,
  };
}

function passed(
  chunk: EncodedVideoChunk,
  metadata: EncodedVideoChunkMetadata | undefined,
  repeater: PictureRepeater,
): EncodedVideoChunk {
  const bytes = new Uint8Array(chunk.byteLength);
  chunk.copyTo(bytes);
  const data = repeater.pass(bytes, metadata?.decoderConfig);
  if (data === bytes) return chunk;
  const { type, timestamp, duration } = chunk;
  return new EncodedVideoChunk({
    type,
    timestamp,
    duration: duration ?? 0,
    data: data as Uint8Array<ArrayBuffer>,
  });
}
