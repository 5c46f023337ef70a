import type { RecorderOptions } from '../../../shared/recorder/recorderMessages.ts';
import { createLimiter } from './createLimiter.ts';
import { createResampler } from './createResampler.ts';
import { createSeams } from './createSeams.ts';
import type { Movie } from './openMovie.ts';
import { createSampleTimeline, type SampleTimeline } from './sampleTimeline.ts';

const CHANNELS = 2;
/** The rate of recorded sound, whatever the tab delivers (Chromium 156: 44.1 kHz). */
const SOUND_HZ = 48_000;
/** Sound goes to the encoder in pieces of this length: each costs two messages between threads. */
const BATCH_S = 0.25;
const BURST_BLOCKS = 5;
const BURST_MS = 50;
/** More than what is under way in the steps between timeline and movie. */
const HELD_BACK_S = 0.1;
/** Sound from before the first picture is known waits here, at most this many blocks of 10 ms. */
const MAX_WAITING = 500;

interface Block {
  readonly timestampUs: number;
  readonly samples: Float32Array;
}

export interface AudioRecording {
  /** How much of it there is, in seconds. */
  durationS(): number;
  /** Sound from this instant on goes into the movie. */
  begin(movie: Movie, startUs: number): void;
  /** Takes no sound from after this many seconds of recording. */
  endAt(durationS: number): void;
  /** Fills up with silence, so that sound ends together with the picture. */
  finish(durationS: number): void;
}

/**
 * Reads the tab's sound from now on; what came before `begin` but belongs after its instant is not lost.
 * Sound goes timeline -> seams -> 48 kHz -> limiter -> movie, and is continuous from the first step on.
 */
export function recordAudio(given: {
  track: MediaStreamAudioTrack;
  options: RecorderOptions;
  onError: (error: unknown) => void;
}): AudioRecording {
  const { options } = given;
  const fromHz = given.track.getSettings().sampleRate ?? SOUND_HZ;
  const waiting: Block[] = [];
  const seams = createSeams({ sampleRate: fromHz, channels: CHANNELS });
  const resampler = createResampler({ fromHz, toHz: SOUND_HZ, channels: CHANNELS });
  const limiter = createLimiter({ sampleRate: SOUND_HZ, channels: CHANNELS });
  let begun: { movie: Movie; timeline: SampleTimeline } | null = null;
  let maxS = options.maxDurationS;
  let hasEnded = false;
  let isEnding = false;
  let endRest: () => void = () => {};
  const batch: Float32Array[] = [];
  let batched = 0;
  let written = 0;

  function write(samples: Float32Array): void {
    const ready = limiter.push(resampler.push(samples));
    if (ready.length > 0) batch.push(ready);
    batched += ready.length / CHANNELS;
    if (batched >= BATCH_S * SOUND_HZ) writeBatch();
  }

  function writeBatch(): void {
    const samples = new Float32Array(batched * CHANNELS);
    let filled = 0;
    for (const block of batch.splice(0)) {
      samples.set(block, filled);
      filled += block.length;
    }
    batched = 0;
    const room = Math.max(0, Math.round(maxS * SOUND_HZ) - written);
    const fitting = samples.subarray(0, room * CHANNELS);
    if (fitting.length === 0) return;
    begun?.movie.addSound(fitting, written / SOUND_HZ);
    written += fitting.length / CHANNELS;
  }

  function writeSilence(length: number): void {
    for (let done = 0; done < length; done += fromHz) {
      const silence = new Float32Array(Math.min(fromHz, length - done) * CHANNELS);
      write(done === 0 ? seams.join(silence) : seams.follow(silence));
    }
  }

  function put({ timestampUs, samples }: Block): void {
    if (!begun) return;
    const { silence, skip } = begun.timeline.place(timestampUs, samples.length / CHANNELS);
    writeSilence(silence);
    const kept = samples.subarray(skip * CHANNELS);
    write(silence > 0 || skip > 0 ? seams.join(kept) : seams.follow(kept));
  }

  function take(data: AudioData): void {
    const block = { timestampUs: data.timestamp + options.timeOriginUs, samples: toStereo(data) };
    data.close();
    if (hasEnded) return;
    if (begun) put(block);
    else waiting.push(block);
    if (waiting.length > MAX_WAITING) waiting.shift();
  }

  /** Lets blocks gather, until the end is near. */
  function rest(): Promise<void> {
    return new Promise((resolve) => {
      endRest = resolve;
      setTimeout(resolve, isEnding ? 0 : BURST_MS);
    });
  }

  readBlocks(given.track, take, rest).catch(given.onError);

  return {
    durationS: () => Math.min((begun?.timeline.samples() ?? 0) / fromHz, maxS),
    begin: (movie, startUs) => {
      begun = { movie, timeline: createSampleTimeline({ startUs, sampleRate: fromHz }) };
      for (const block of waiting.splice(0)) put(block);
    },
    endAt: (durationS) => {
      maxS = Math.min(maxS, durationS);
      isEnding = true;
      endRest();
    },
    finish: (durationS) => {
      hasEnded = true;
      if (!begun) return;
      writeSilence(begun.timeline.fillTo(Math.round(durationS * fromHz)));
      writeSilence(Math.round(HELD_BACK_S * fromHz)); // pushes out what filter and limiter hold; cut off at maxS
      writeBatch();
    },
  };
}

/** In bursts, with a rest after each: a wake-up for each block of 10 ms costs more than what is done with it. */
async function readBlocks(
  track: MediaStreamAudioTrack,
  take: (data: AudioData) => void,
  rest: () => Promise<void>,
): Promise<void> {
  const reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 500 }).readable.getReader();
  for (let blocks = 1, next = await reader.read(); !next.done; next = await reader.read(), blocks++) {
    take(next.value);
    if (blocks % BURST_BLOCKS === 0) await rest();
  }
}

/** Interleaved stereo; mono goes to both sides. */
function toStereo(data: AudioData): Float32Array {
  const { numberOfFrames, numberOfChannels } = data;
  const interleaved = new Float32Array(numberOfFrames * CHANNELS);
  if (numberOfChannels === CHANNELS) {
    data.copyTo(interleaved, { planeIndex: 0, format: 'f32' });
    return interleaved;
  }
  const mono = new Float32Array(numberOfFrames);
  data.copyTo(mono, { planeIndex: 0, format: 'f32-planar' });
  return interleaved.map((_, index) => mono[Math.floor(index / CHANNELS)] as number);
}
