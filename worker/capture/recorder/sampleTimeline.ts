/*
 * Chromium 156 stamps the blocks of a tab's sound, 10 ms each, to within 0.1 ms. What moves the stamps off the count
 * is sound that the page did not get done in time: in a minute of recording one block was missing, in 20 s beside
 * eight busy loops two. A sound clock that runs off the pictures' clock moves them as well, but slowly.
 */

/**
 * Sound may be this far off its place before it is moved, in seconds. Each move is a cut or a gap in the sound, and
 * nobody sees 20 ms: viewers notice sound that is 45 ms early or 125 ms late (ITU-R BT.1359).
 */
const BAND_S = 0.02;
/**
 * How much of a block's distance from its place counts: the mean over some 50 blocks, half a second. Then a single stamp
 * within JUMP_S moves the mean by 4 ms at most, and nothing is cut for it.
 */
const SMOOTHING = 0.02;
/**
 * Sound this far off its place is moved at once, in seconds. It is a real gap, and until the mean has left the band,
 * up to six blocks from after the gap would be put where the sound before it broke off.
 */
const JUMP_S = 0.2;

export interface SampleTimeline {
  /** How much silence goes before a block of samples, and how many of its first samples to leave out. */
  place(timestampUs: number, samples: number): { readonly silence: number; readonly skip: number };
  /** How much silence brings the timeline up to this many samples. */
  fillTo(samples: number): number;
  /** Samples placed so far, per channel. */
  samples(): number;
}

/**
 * Counts samples from the start of the recording. Sound stays whole where the count is followed, so it is followed,
 * and moved to where the stamps say only once their smoothed distance leaves a band of 20 ms: gaps become silence,
 * overlaps are cut. The first block is put exactly where it belongs. Times are microseconds of the clock that
 * `startUs` is on.
 */
export function createSampleTimeline(given: { startUs: number; sampleRate: number }): SampleTimeline {
  const { startUs, sampleRate } = given;
  let placed = 0;
  let isFirst = true;
  /** How many samples the stamps are ahead of the count: the smoothed distance. */
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
