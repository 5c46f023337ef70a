/*
 * Chromium 156 gives the blocks of a tab's sound, 10 ms each, times that are correct within 0.1 ms. The times
 * differ from the sample count when the page delivers sound too late: one block was missing in a minute of
 * recording, and two in 20 s beside eight busy loops. A sound clock that differs from the pictures' clock
 * also moves them, but slowly.
 */

/**
 * How far sound may be from its place before it is moved, in seconds. Each move makes a cut or a gap in the
 * sound, while 20 ms are not noticed: viewers notice sound that is 45 ms early or 125 ms late (ITU-R
 * BT.1359).
 */
const BAND_S = 0.02;
/**
 * The weight of one block's distance in the mean, which covers about 50 blocks, half a second. With it, a
 * single wrong time within JUMP_S moves the mean by 4 ms at most, so nothing is cut because of it.
 */
const SMOOTHING = 0.02;
/**
 * Sound that is this far from its place is moved at once, in seconds, because this is a real gap. If it
 * waited until the mean leaves the band, up to six blocks from after the gap would be put directly after the
 * sound before it.
 */
const JUMP_S = 0.2;

export interface SampleTimeline {
  /** How much silence goes before a block of samples, and how many of its first samples are left out. */
  place(timestampUs: number, samples: number): { readonly silence: number; readonly skip: number };
  /** How much silence brings the timeline up to this many samples. */
  fillTo(samples: number): number;
  /** Samples placed so far, per channel. */
  samples(): number;
}

/**
 * Counts samples from the start of the recording. Sound stays whole if it follows the count, so it does. It
 * is moved to where its times say only when their smoothed distance leaves a band of 20 ms: then gaps become
 * silence, and overlaps are cut. The first block is put exactly where it belongs. Times are microseconds of
 * the same clock as `startUs`.
 */
export function createSampleTimeline(given: { startUs: number; sampleRate: number }): SampleTimeline {
  const { startUs, sampleRate } = given;
  let placed = 0;
  let isFirst = true;
  /** The smoothed distance: how many samples the blocks' times are ahead of the count. */
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
