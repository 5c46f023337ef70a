/** Sound this far off its place is moved; less is the jitter of the thread that stamps it. In seconds. */
const BAND_S = 0.02;
/** A jump this large is a real gap at once, not something to be averaged. In seconds. */
const JUMP_S = 0.2;
const SMOOTHING = 0.02;

export interface SampleTimeline {
  /** How much silence goes before a block of samples, and how many of its first samples to leave out. */
  place(timestampUs: number, samples: number): { readonly silence: number; readonly skip: number };
  /** How much silence brings the timeline up to this many samples. */
  fillTo(samples: number): number;
  /** Samples placed so far, per channel. */
  samples(): number;
}

/**
 * Counts samples from the start of the recording. The stamps of captured sound jitter, its sample count does
 * not, so the count is followed, and moved only where the smoothed difference leaves a band of 20 ms: gaps
 * become silence, overlaps are cut. Times are microseconds of the clock that `startUs` is on.
 */
export function createSampleTimeline(given: { startUs: number; sampleRate: number }): SampleTimeline {
  const { startUs, sampleRate } = given;
  let placed = 0;
  let isFirst = true;
  let drift = 0;

  function place(timestampUs: number, samples: number) {
    const wanted = Math.round(((timestampUs - startUs) * sampleRate) / 1e6);
    const off = wanted - placed;
    drift = Math.abs(off) > sampleRate * JUMP_S ? off : drift + SMOOTHING * (off - drift);
    if (isFirst) drift = off;
    if (drift > sampleRate * (isFirst ? 0 : BAND_S) && off > 0)
      return accept({ silence: off, skip: 0 }, samples, 0);
    if (drift < -sampleRate * (isFirst ? 0 : BAND_S)) {
      const skip = Math.min(samples, Math.round(-drift));
      return accept({ silence: 0, skip }, samples, drift + skip);
    }
    return accept({ silence: 0, skip: 0 }, samples, drift);
  }

  function accept(placement: { silence: number; skip: number }, samples: number, newDrift: number) {
    placed += placement.silence + samples - placement.skip;
    isFirst = isFirst && placed === 0;
    drift = newDrift;
    return placement;
  }

  return {
    place,
    fillTo: (samples) => {
      const silence = Math.max(0, samples - placed);
      placed += silence;
      return silence;
    },
    samples: () => placed,
  };
}
