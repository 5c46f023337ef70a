import type { CaptureStats, RecorderOptions } from '../../../shared/recorderMessages.ts';
import { createFrameTimeline, type FrameTimeline, lockPhase } from './frameTimeline.ts';
import { isBlank } from './isBlank.ts';
import type { Movie } from './openMovie.ts';

/** New frames beyond this many in the encoder's queue are dropped: each holds one of the capturer's few buffers. */
const MAX_QUEUED = 5;
/** Repeats share one buffer and may queue up further, a second's worth. */
const MAX_QUEUED_REPEATS = 30;
/** Frames remembered for finding the source's phase: a second of them. */
const RECENT_FRAMES = 30;
/** How long the first picture may be blank before recording starts with it all the same. */
const BLANK_START_US = 2_000_000;
const BLANK_CHECK_EVERY_US = 1_000_000;
/** Repeats for a page that does not change are made this far behind, so that a late frame still finds its slot. */
const REPEAT_BEHIND_US = 500_000;
const REPEAT_EVERY_MS = 250;

export interface VideoRecording {
  /** The instant of slot 0, once it is known. */
  startUs(): number | null;
  stats(nowUs: number): CaptureStats;
  /** Starts with the next picture that is not blank. */
  begin(movie: Movie, nowUs: number): void;
  /** Takes no frame from after this instant; returns the length that the recording will have, in seconds. */
  endAt(instantUs: number): number;
  /** Fills the timeline up and waits for the encoder. */
  finish(instantUs: number): Promise<void>;
}

/** Reads the tab's frames from now on, and encodes them onto a constant frame rate timeline once begun. */
export function recordVideo(given: {
  track: MediaStreamVideoTrack;
  options: RecorderOptions;
  nowUs: () => number;
  onBegun: (startsBlank: boolean) => void;
  onFull: () => void;
  onError: (error: unknown) => void;
}): VideoRecording {
  const { options, nowUs, onError } = given;
  const { framesPerSecond } = options;
  const slotUs = 1e6 / framesPerSecond;
  const maxSlots = Math.max(1, Math.round(options.maxDurationS * framesPerSecond));
  const recentUs: number[] = [];
  let movie: Movie | null = null;
  let beginAtUs = 0;
  let timeline: FrameTimeline | null = null;
  let startUs: number | null = null;
  let last: VideoFrame | null = null;
  let lastFrameAtUs = nowUs();
  let blankSinceUs: number | null = null;
  let blankCheckedAtUs = 0;
  let frames = 0;
  let droppedFrames = 0;
  let hasEnded = false;

  const encoder = new VideoEncoder({
    error: onError,
    output: (chunk, metadata) => movie?.addPicture(chunk, metadata, chunk.timestamp / 1e6, slotUs / 1e6),
  });
  encoder.configure(encoderConfig(options));

  function encode(slot: number, frame: VideoFrame, maxQueued: number): void {
    if (encoder.encodeQueueSize >= maxQueued) {
      droppedFrames++;
      return;
    }
    frames++;
    const stamped = new VideoFrame(frame, {
      timestamp: Math.round(slot * slotUs),
      duration: Math.round(slotUs),
    });
    encoder.encode(stamped, {
      keyFrame: slot % Math.round(options.keyFrameIntervalS * framesPerSecond) === 0,
    });
    stamped.close();
  }

  function repeat(times: number, untilSlot: number): void {
    for (let slot = untilSlot - times; slot < untilSlot; slot++)
      if (last) encode(slot, last, MAX_QUEUED_REPEATS);
  }

  function keep(frame: VideoFrame): void {
    last?.close();
    last = frame;
  }

  function putOnTimeline(line: FrameTimeline, frame: VideoFrame): void {
    const place = line.place(frame.timestamp);
    if (place) {
      repeat(place.repeats, place.slot);
      encode(place.slot, frame, MAX_QUEUED);
    }
    keep(frame);
    if (line.isFull()) given.onFull();
  }

  /** The first picture that is not blank opens the timeline. */
  async function tryToStart(frame: VideoFrame): Promise<void> {
    const startsBlank = await isBlank(frame);
    if (startsBlank && nowUs() - beginAtUs < BLANK_START_US) return keep(frame);
    startUs = lockPhase(frame.timestamp, recentUs, framesPerSecond);
    timeline = createFrameTimeline({ startUs, framesPerSecond, maxSlots });
    putOnTimeline(timeline, frame);
    given.onBegun(startsBlank);
  }

  async function checkBlank(frame: VideoFrame): Promise<void> {
    if (frame.timestamp - blankCheckedAtUs < BLANK_CHECK_EVERY_US) return;
    blankCheckedAtUs = frame.timestamp;
    blankSinceUs = (await isBlank(frame)) ? (blankSinceUs ?? frame.timestamp) : null;
  }

  async function take(frame: VideoFrame): Promise<void> {
    lastFrameAtUs = nowUs();
    recentUs.push(frame.timestamp);
    if (recentUs.length > RECENT_FRAMES) recentUs.shift();
    if (hasEnded) return frame.close();
    if (timeline) {
      await checkBlank(frame);
      putOnTimeline(timeline, frame);
    } else if (movie) await tryToStart(frame);
    else keep(frame);
  }

  const timer = setInterval(() => {
    if (hasEnded) return;
    if (timeline) repeat(timeline.fillTo(nowUs() - REPEAT_BEHIND_US), timeline.slots());
    else if (movie && last) tryToStart(last.clone()).catch(onError); // a page that does not change sends no frame
    if (timeline?.isFull()) given.onFull();
  }, REPEAT_EVERY_MS);

  readFrames(given.track, take).catch(onError);
  return {
    startUs: () => startUs,
    stats: (now) => ({
      frames,
      droppedFrames,
      durationS: (timeline?.slots() ?? 0) / framesPerSecond,
      blankForS: blankSinceUs === null ? 0 : (now - blankSinceUs) / 1e6,
      silentForS: (now - lastFrameAtUs) / 1e6,
    }),
    begin: (target, now) => {
      movie = target;
      beginAtUs = now;
    },
    endAt: (instantUs) => (timeline?.endAt(instantUs) ?? 0) / framesPerSecond,
    finish: async (instantUs) => {
      hasEnded = true;
      clearInterval(timer);
      if (timeline) repeat(timeline.fillTo(instantUs), timeline.slots());
      await encoder.flush();
      encoder.close();
      last?.close();
    },
  };
}

async function readFrames(
  track: MediaStreamVideoTrack,
  take: (frame: VideoFrame) => Promise<void>,
): Promise<void> {
  const reader = new MediaStreamTrackProcessor({
    track,
    maxBufferSize: 8,
  }).readable.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) await take(next.value);
}

/** Constrained baseline costs OpenH264 less than main or high, at the level the size needs (H.264 table A-1). */
function encoderConfig({
  widthPx,
  heightPx,
  framesPerSecond,
  videoBitrateBps,
}: RecorderOptions): VideoEncoderConfig {
  const pixels = widthPx * heightPx;
  const level = pixels <= 1280 * 720 ? '1f' : pixels <= 1920 * 1080 ? '28' : '33';
  return {
    codec: `avc1.42e0${level}`,
    width: widthPx,
    height: heightPx,
    framerate: framesPerSecond,
    bitrate: videoBitrateBps,
    latencyMode: 'realtime',
    bitrateMode: 'variable',
    avc: { format: 'avc' },
  };
}
