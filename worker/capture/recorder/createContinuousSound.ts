import { createSeams } from './createSeams.ts';
import { CHANNELS } from './readSound.ts';
import { createSampleTimeline } from './sampleTimeline.ts';

/**
 * Makes sound without gaps from the start of the recording, out of blocks that may be missing, late or
 * doubled.
 */
export interface ContinuousSound {
  /** Puts a block at the place that its time gives, in microseconds of the same clock as `startUs`. */
  put(timestampUs: number, samples: Float32Array): void;
  /** Adds silence until the sound is this many seconds long. */
  fillTo(durationS: number): void;
  /** Adds this many seconds of silence that are not part of the recording. */
  pad(silenceS: number): void;
  /** How much sound there is, in seconds. */
  durationS(): number;
}

/**
 * `write` takes the next interleaved samples, and `writeSilence` so many seconds of silence. These follow on silence
 * that went to `write`, so nothing that holds samples back holds any of sound then.
 */
export function createContinuousSound(given: {
  startUs: number;
  sampleRate: number;
  write: (samples: Float32Array) => void;
  writeSilence: (seconds: number) => void;
}): ContinuousSound {
  const { sampleRate, write } = given;
  const timeline = createSampleTimeline(given);
  const seams = createSeams({ sampleRate, channels: CHANNELS });

  /** Of a long silence, only what is not a whole second, and the first one, is treated as sound is. */
  function writeSilence(length: number): void {
    if (length === 0) return;
    const first = Math.min(length, sampleRate);
    write(seams.join(new Float32Array(first * CHANNELS)));
    const seconds = Math.floor((length - first) / sampleRate);
    if (seconds > 0) given.writeSilence(seconds);
    write(seams.follow(new Float32Array((length - first - seconds * sampleRate) * CHANNELS)));
  }

  return {
    put: (timestampUs, samples) => {
      const { silence, skip } = timeline.place(timestampUs, samples.length / CHANNELS);
      writeSilence(silence);
      const kept = samples.subarray(skip * CHANNELS);
      write(silence > 0 || skip > 0 ? seams.join(kept) : seams.follow(kept));
    },
    fillTo: (durationS) => writeSilence(timeline.fillTo(Math.round(durationS * sampleRate))),
    pad: (silenceS) => writeSilence(Math.round(silenceS * sampleRate)),
    durationS: () => timeline.samples() / sampleRate,
  };
}
