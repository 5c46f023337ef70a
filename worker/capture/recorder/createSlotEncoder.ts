import type { RecorderOptions } from '../../../shared/recorder/recorderMessages.ts';
import type { Movie } from './openMovie.ts';

/** New frames beyond this many in the encoder's queue are dropped: each holds one of the capturer's few buffers. */
const MAX_QUEUED = 5;
/** Repeats share one buffer and may queue up further, a second's worth. */
const MAX_QUEUED_REPEATS = 30;

/** Encodes pictures for slots of a constant frame rate timeline, and counts them. */
export interface SlotEncoder {
  /** Dropped, and counted, where the encoder is behind. */
  encode(slot: number, frame: VideoFrame): void;
  /** Shows the same picture in so many slots up to, not including, a slot. */
  repeat(frame: VideoFrame, times: number, untilSlot: number): void;
  /** Leaves so many slots to the picture before them, because nobody had the time to make theirs; counts them. */
  skip(times: number): void;
  counts(): { frames: number; droppedFrames: number };
  /** Encodes what is queued. The last slot is always filled, so that the picture lasts as long as the timeline. */
  finish(lastSlot: number, lastFrame: VideoFrame): Promise<void>;
}

export function createSlotEncoder(
  options: RecorderOptions,
  movie: Movie,
  onError: (error: unknown) => void,
): SlotEncoder {
  const { framesPerSecond, keyFrameIntervalS } = options;
  const keyFrameSlots = Math.round(keyFrameIntervalS * framesPerSecond);
  const slotUs = 1e6 / framesPerSecond;
  let frames = 0;
  let droppedFrames = 0;
  let lastFilled = -1;
  let keyFrameDue = 0;
  const encoder = new VideoEncoder({
    error: onError,
    output: (chunk, metadata) => movie.addPicture(chunk, metadata, chunk.timestamp / 1e6, slotUs / 1e6),
  });
  encoder.configure(encoderConfig(options));

  function encode(slot: number, frame: VideoFrame, maxQueued: number): void {
    if (encoder.encodeQueueSize >= maxQueued) {
      droppedFrames++;
      return;
    }
    frames++;
    lastFilled = slot;
    // The next one that is encoded, should the one on the grid be dropped.
    const keyFrame = slot >= keyFrameDue;
    if (keyFrame) keyFrameDue = (Math.floor(slot / keyFrameSlots) + 1) * keyFrameSlots;
    const timing = { timestamp: Math.round(slot * slotUs), duration: Math.round(slotUs) };
    const stamped = new VideoFrame(frame, timing);
    encoder.encode(stamped, { keyFrame });
    stamped.close();
  }

  return {
    encode: (slot, frame) => encode(slot, frame, MAX_QUEUED),
    repeat: (frame, times, untilSlot) => {
      for (let slot = untilSlot - times; slot < untilSlot; slot++) encode(slot, frame, MAX_QUEUED_REPEATS);
    },
    skip: (times) => {
      droppedFrames += times;
    },
    counts: () => ({ frames, droppedFrames }),
    finish: async (lastSlot, lastFrame) => {
      if (lastFilled < lastSlot) {
        encode(lastSlot, lastFrame, Number.POSITIVE_INFINITY);
        droppedFrames--;
      }
      await encoder.flush();
      encoder.close();
    },
  };
}

function encoderConfig(options: RecorderOptions): VideoEncoderConfig {
  const isWebM = options.container === 'webm';
  return {
    codec: isWebM ? vp9Codec(options) : h264Codec(options),
    width: options.widthPx,
    height: options.heightPx,
    framerate: options.framesPerSecond,
    bitrate: options.videoBitrateBps,
    latencyMode: 'realtime',
    bitrateMode: 'variable',
    // Every other picture is one that no other needs: a better picture at the same bitrate, for the same work.
    ...(isWebM ? {} : { avc: { format: 'avc' }, scalabilityMode: 'L1T2' }),
  };
}

const H264_PROFILE_IDC = { baseline: '42e0', main: '4d00', high: '6400' } as const;
/** Levels, each with the most luma samples a second it allows (H.264 table A-1, macroblocks times 256). */
const H264_LEVELS = [
  ['1f', 108_000 * 256],
  ['20', 216_000 * 256],
  ['28', 245_760 * 256],
  ['2a', 522_240 * 256],
  ['33', 983_040 * 256],
] as const;
/** Likewise of VP9 (VP9 bitstream specification, annex A). */
const VP9_LEVELS = [
  ['31', 36_864_000],
  ['40', 83_558_400],
  ['41', 160_432_128],
  ['51', 588_251_136],
] as const;

function h264Codec({ h264Profile, ...options }: RecorderOptions): string {
  return `avc1.${H264_PROFILE_IDC[h264Profile]}${levelFor(H264_LEVELS, options)}`;
}

/** 8 bits, profile 0. */
function vp9Codec(options: RecorderOptions): string {
  return `vp09.00.${levelFor(VP9_LEVELS, options)}.08`;
}

function levelFor(
  levels: readonly (readonly [string, number])[],
  { widthPx, heightPx, framesPerSecond }: Pick<RecorderOptions, 'widthPx' | 'heightPx' | 'framesPerSecond'>,
): string {
  const rate = Math.ceil(widthPx / 16) * Math.ceil(heightPx / 16) * 256 * framesPerSecond;
  const [level] = levels.find(([, most]) => rate <= most) ?? (levels.at(-1) as readonly [string, number]);
  return level;
}
