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

/** `write` takes the next interleaved samples. */
export function createContinuousSound(given: {
  startUs: number;
  sampleRate: number;
  write: (samples: Float32Array) => void;
}): ContinuousSound {
  const { sampleRate, write } = given;
  const timeline = createSampleTimeline(given);
  const seams = createSeams({ sampleRate, channels: CHANNELS });

  /**
   * The silence is written in pieces of a second, so that a long gap does not need memory for all of it at
   * once.
   */
  function writeSilence(length: number): void {
    for (let done = 0; done < length; done += sampleRate) {
      const silence = new Float32Array(Math.min(sampleRate, length - done) * CHANNELS);
      write(done === 0 ? seams.join(silence) : seams.follow(silence));
    }
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
