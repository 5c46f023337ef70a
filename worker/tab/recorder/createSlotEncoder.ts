import type { RecorderOptions } from '../../../shared/recorderMessages.ts';
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
  counts(): { frames: number; droppedFrames: number };
  finish(): Promise<void>;
}

export function createSlotEncoder(
  options: RecorderOptions,
  movie: Movie,
  onError: (error: unknown) => void,
): SlotEncoder {
  const { framesPerSecond, keyFrameIntervalS } = options;
  const slotUs = 1e6 / framesPerSecond;
  let frames = 0;
  let droppedFrames = 0;
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
    const timing = { timestamp: Math.round(slot * slotUs), duration: Math.round(slotUs) };
    const stamped = new VideoFrame(frame, timing);
    encoder.encode(stamped, { keyFrame: slot % Math.round(keyFrameIntervalS * framesPerSecond) === 0 });
    stamped.close();
  }

  return {
    encode: (slot, frame) => encode(slot, frame, MAX_QUEUED),
    repeat: (frame, times, untilSlot) => {
      for (let slot = untilSlot - times; slot < untilSlot; slot++) encode(slot, frame, MAX_QUEUED_REPEATS);
    },
    counts: () => ({ frames, droppedFrames }),
    finish: async () => {
      await encoder.flush();
      encoder.close();
    },
  };
}

/** Constrained baseline costs OpenH264 less than main or high, at the level the size needs (H.264 table A-1). */
function encoderConfig(options: RecorderOptions): VideoEncoderConfig {
  const pixels = options.widthPx * options.heightPx;
  const level = pixels <= 1280 * 720 ? '1f' : pixels <= 1920 * 1080 ? '28' : '33';
  return {
    codec: `avc1.42e0${level}`,
    width: options.widthPx,
    height: options.heightPx,
    framerate: options.framesPerSecond,
    bitrate: options.videoBitrateBps,
    latencyMode: 'realtime',
    bitrateMode: 'variable',
    avc: { format: 'avc' },
  };
}
