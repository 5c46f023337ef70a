import { createSeams } from './createSeams.ts';
import { CHANNELS } from './readSound.ts';
import { createSampleTimeline } from './sampleTimeline.ts';

/** Sound without a gap from the start of the recording on, made of blocks that may be missing, late or doubled. */
export interface ContinuousSound {
  /** Puts a block where its time says, in microseconds of the clock that `startUs` is on. */
  put(timestampUs: number, samples: Float32Array): void;
  /** Goes on with silence up to this many seconds of recording. */
  fillTo(durationS: number): void;
  /** Goes on with so many seconds of silence that are not part of the recording. */
  pad(silenceS: number): void;
  /** How much of it there is, in seconds. */
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

  /** In pieces of a second, so that a long gap does not need the memory for all of it at once. */
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
