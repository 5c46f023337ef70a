import { CHANNELS } from './readSound.ts';

/**
 * The length of the pieces in which sound goes to the encoders. Each piece costs two messages between threads
 * for every encoder.
 */
const BATCH_S = 0.25;

/** Gathers small blocks of sound into larger ones, and cuts the sound off at its greatest length. */
export interface SoundBatches {
  /** Takes the next interleaved samples. */
  push(samples: Float32Array): void;
  /** Sets the greatest length in seconds. It can only become shorter. */
  endAt(durationS: number): void;
  /** Writes what has gathered so far. */
  flush(): void;
}

/** `write` takes each batch and the position of its first sample, in seconds from the start. */
export function createSoundBatches(given: {
  sampleRate: number;
  maxDurationS: number;
  write: (samples: Float32Array, atS: number) => void;
}): SoundBatches {
  const { sampleRate } = given;
  let maxS = given.maxDurationS;
  let gathered: Float32Array[] = [];
  /** Samples per channel: those gathered, and those written so far. */
  let waiting = 0;
  let written = 0;

  function flush(): void {
    const samples = new Float32Array(waiting * CHANNELS);
    let filled = 0;
    for (const block of gathered) {
      samples.set(block, filled);
      filled += block.length;
    }
    gathered = [];
    waiting = 0;
    const room = Math.max(0, Math.round(maxS * sampleRate) - written);
    const fitting = samples.subarray(0, room * CHANNELS);
    if (fitting.length === 0) return;
    given.write(fitting, written / sampleRate);
    written += fitting.length / CHANNELS;
  }

  return {
    push: (samples) => {
      if (samples.length > 0) gathered.push(samples);
      waiting += samples.length / CHANNELS;
      if (waiting >= BATCH_S * sampleRate) flush();
    },
    endAt: (durationS) => {
      maxS = Math.min(maxS, durationS);
    },
    flush,
  };
}
