import { SAMPLE_RATE_HZ } from './decodeSound.ts';

// A tenth of a second is enough to tell tones apart that differ by 20 Hz. Longer pieces would lower the level
// of a stream whose clock drifts or whose jitter buffer stretches it, as WebRTC's does.
const BLOCK_SAMPLES = SAMPLE_RATE_HZ / 10;

const HANN = Float64Array.from(
  { length: BLOCK_SAMPLES },
  (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / BLOCK_SAMPLES),
);
const HANN_SUM = BLOCK_SAMPLES / 2;

const SILENCE_DB = -120;

/**
 * The level of one tone in `samples`: 0 dB is a sine of full scale, and -120 dB the lowest. It is the median
 * over time: when a jitter buffer repairs another tone (a few times a second on a busy machine), the seam
 * contains every pitch.
 */
export function toneLevelDb(samples: Float32Array, hz: number): number {
  const blockCount = Math.floor(samples.length / BLOCK_SAMPLES);
  if (blockCount === 0)
    throw new Error(`A tone needs 0.1 s of sound, got ${samples.length / SAMPLE_RATE_HZ} s`);
  const amplitudes = Float64Array.from({ length: blockCount }, (_, block) =>
    amplitudeOf(samples.subarray(block * BLOCK_SAMPLES, (block + 1) * BLOCK_SAMPLES), hz),
  ).sort();
  const median = amplitudes[Math.floor(blockCount / 2)] as number;
  return Math.max(SILENCE_DB, 20 * Math.log10(median));
}

/** Goertzel's algorithm: one bin of a Fourier transform, at any frequency. */
function amplitudeOf(block: Float32Array, hz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / SAMPLE_RATE_HZ);
  let previous = 0;
  let beforePrevious = 0;
  for (let index = 0; index < block.length; index++) {
    const windowed = (block[index] as number) * (HANN[index] as number);
    const current = windowed + coefficient * previous - beforePrevious;
    beforePrevious = previous;
    previous = current;
  }
  const squared = previous ** 2 + beforePrevious ** 2 - coefficient * previous * beforePrevious;
  return (2 * Math.sqrt(Math.max(0, squared))) / HANN_SUM;
}
