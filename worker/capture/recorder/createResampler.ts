/** How many input samples on each side of an output sample are used for it. */
const HALF_TAPS = 16;
/** The share of the lower of the two bandwidths that passes: 19.8 kHz of 44.1 kHz sound. */
const PASSBAND = 0.9;
/** Kaiser window: images and aliases are 80 dB down (Oppenheim & Schafer, 7.5.3: beta = 0.1102 (A - 8.7)). */
const BETA = 0.1102 * (80 - 8.7);

export interface Resampler {
  /** Takes the next samples of a continuous sound and returns the output that can be computed so far. */
  push(samples: Float32Array): Float32Array;
}

/**
 * Changes the sample rate of continuous interleaved sound with a windowed sinc, with one filter for each
 * phase that occurs. Output sample n shows the input at n * fromHz / toHz: the sound is not shifted, but it
 * comes HALF_TAPS samples later.
 */
export function createResampler(given: { fromHz: number; toHz: number; channels: number }): Resampler {
  const { fromHz, toHz, channels } = given;
  if (fromHz === toHz) return { push: (samples) => samples };
  const divisor = greatestCommonDivisor(fromHz, toHz);
  const phases = toHz / divisor;
  const step = fromHz / divisor;
  const filters = createFilters(phases, Math.min(1, toHz / fromHz) * PASSBAND);
  const taps = HALF_TAPS * 2;
  // The input before the first sample is taken as silence.
  let input = new Float32Array(HALF_TAPS * channels);
  /** The position of the next output sample in `input`, in phases. */
  let at = HALF_TAPS * phases;

  function push(samples: Float32Array): Float32Array {
    const joined = new Float32Array(input.length + samples.length);
    joined.set(input);
    joined.set(samples, input.length);
    const frames = joined.length / channels;
    const last = (frames - HALF_TAPS) * phases;
    const output = new Float32Array(Math.max(0, Math.ceil((last - at) / step)) * channels);
    for (let out = 0; out < output.length; out += channels, at += step) {
      const start = (Math.floor(at / phases) - HALF_TAPS + 1) * channels;
      const filter = (at % phases) * taps;
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let tap = 0, from = start + channel; tap < taps; tap++, from += channels)
          sum += (filters[filter + tap] as number) * (joined[from] as number);
        output[out + channel] = sum;
      }
    }
    const used = Math.floor(at / phases) - HALF_TAPS;
    input = joined.slice(used * channels);
    at -= used * phases;
    return output;
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
