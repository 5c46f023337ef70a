import { openSoundKernel } from './openSoundKernel.ts';
import { CHANNELS } from './readSound.ts';

/** How many input samples on each side of an output sample are used for it. */
const HALF_TAPS = 16;
/** The share of the lower of the two bandwidths that passes: 19.8 kHz of 44.1 kHz sound. */
const PASSBAND = 0.9;
/** Kaiser window: images and aliases are 80 dB down (Oppenheim & Schafer, 7.5.3: beta = 0.1102 (A - 8.7)). */
const BETA = 0.1102 * (80 - 8.7);

const BYTES = Float32Array.BYTES_PER_ELEMENT;

export interface Resampler {
  /** Takes the next samples of a continuous sound, at most a second, and returns the output that can be computed so far. */
  push(samples: Float32Array): Float32Array;
}

/**
 * Changes the sample rate of continuous interleaved stereo with a windowed sinc, with one filter for each
 * phase that occurs. Output sample n shows the input at n * fromHz / toHz: the sound is not shifted, but it
 * comes HALF_TAPS samples later. `kernel` is the compiled one.
 */
export function createResampler(given: { fromHz: number; toHz: number; kernel: BufferSource }): Resampler {
  const { fromHz, toHz } = given;
  if (fromHz === toHz) return { push: (samples) => samples };
  const divisor = greatestCommonDivisor(fromHz, toHz);
  const phases = toHz / divisor;
  const step = fromHz / divisor;
  const weights = createFilters(phases, Math.min(1, toHz / fromHz) * PASSBAND);
  const taps = HALF_TAPS * 2;
  const inputLength = (taps + fromHz) * CHANNELS;
  const outputLength = (toHz + 1) * CHANNELS;
  const bytes = (weights.length + inputLength + outputLength) * BYTES;
  const { memory, start, resample } = openSoundKernel(given.kernel, bytes);
  const inputAt = start + weights.byteLength;
  const outputAt = inputAt + inputLength * BYTES;
  const input = new Float32Array(memory, inputAt, inputLength);
  const output = new Float32Array(memory, outputAt, outputLength);
  new Float32Array(memory, start, weights.length).set(weights);
  /** How many samples of both channels are in `input`. The sound before the first sample is taken as silence. */
  let held = HALF_TAPS;
  /** Where in `input` the next output sample lies, in phases. */
  let at = HALF_TAPS * phases;

  function push(samples: Float32Array): Float32Array {
    input.set(samples, held * CHANNELS);
    held += samples.length / CHANNELS;
    const count = Math.max(0, Math.ceil(((held - HALF_TAPS) * phases - at) / step));
    const firstNeeded = at - (HALF_TAPS - 1) * phases;
    resample(outputAt, inputAt, start, count, firstNeeded, step, phases, taps);
    at += count * step;
    const used = Math.floor(at / phases) - HALF_TAPS;
    input.copyWithin(0, used * CHANNELS, held * CHANNELS);
    held -= used;
    at -= used * phases;
    return output.slice(0, count * CHANNELS);
  }

  return { push };
}

/**
 * For each phase, the weights of the neighbours from HALF_TAPS - 1 before to HALF_TAPS after. They add up to
 * one.
 */
function createFilters(phases: number, cutoff: number): Float32Array {
  const taps = HALF_TAPS * 2;
  const filters = new Float32Array(phases * taps);
  for (let phase = 0; phase < phases; phase++) {
    const weights = Array.from({ length: taps }, (_, tap) => {
      const distance = tap - (HALF_TAPS - 1) - phase / phases;
      return sinc(distance * cutoff) * kaiser(distance / HALF_TAPS);
    });
    const sum = weights.reduce((total, weight) => total + weight, 0);
    filters.set(
      weights.map((weight) => weight / sum),
      phase * taps,
    );
  }
  return filters;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : besselI0(BETA * Math.sqrt(1 - x * x)) / besselI0(BETA);
}

/** The modified Bessel function of order 0, computed from its power series. */
function besselI0(x: number): number {
  let sum = 1;
  for (let term = 1, k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
