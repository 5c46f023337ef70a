/*
 * What is done to every sample of sound, in AssemblyScript, which compiles to WebAssembly with SIMD. Sound is interleaved
 * stereo in 32-bit floats; addresses are bytes of the module's memory, which the caller owns.
 */

/** Bytes of one weight, and of one sample of both channels. */
const WEIGHT: usize = 4;
const FRAME: usize = 8;

/**
 * Makes so many output samples of both channels: each is the sum of `taps` neighbours, a multiple of 4, times the weights
 * of its phase. The first lies `at` phases behind the first sample of `input` that it needs, and each further one `step`
 * phases behind the one before.
 */
export function resample(
  out: usize,
  input: usize,
  weights: usize,
  count: i32,
  at: i32,
  step: i32,
  phases: i32,
  taps: i32,
): void {
  for (const end = out + <usize>count * FRAME; out < end; out += FRAME, at += step) {
    let from = input + <usize>(at / phases) * FRAME;
    let weight = weights + <usize>((at % phases) * taps) * WEIGHT;
    let one = f32x4.splat(0);
    let other = f32x4.splat(0);
    for (const last = weight + <usize>taps * WEIGHT; weight < last; weight += 4 * WEIGHT, from += 4 * FRAME) {
      const four = v128.load(weight);
      one = f32x4.add(one, f32x4.mul(v128.shuffle<f32>(four, four, 0, 0, 1, 1), v128.load(from)));
      other = f32x4.add(other, f32x4.mul(v128.shuffle<f32>(four, four, 2, 2, 3, 3), v128.load(from, 16)));
    }
    const sum = f32x4.add(one, other);
    v128.store64_lane(out, f32x4.add(sum, v128.shuffle<f32>(sum, sum, 2, 3, 0, 1)), 0);
  }
}
