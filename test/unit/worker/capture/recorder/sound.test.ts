import { beforeAll, describe, expect, test } from 'vitest';
import { compileKernel } from '../../../../../worker/capture/composer/kernel/compileKernel.ts';
import { createLimiter } from '../../../../../worker/capture/recorder/createLimiter.ts';
import { createResampler } from '../../../../../worker/capture/recorder/createResampler.ts';
import { createSeams } from '../../../../../worker/capture/recorder/createSeams.ts';

const tone = (hz: number, rate: number, frames: number, level = 1) =>
  Float32Array.from({ length: frames }, (_, n) => level * Math.sin((2 * Math.PI * hz * n) / rate));

function inBlocks(push: (samples: Float32Array) => Float32Array, samples: Float32Array, block: number) {
  const output: number[] = [];
  for (let at = 0; at < samples.length; at += block) output.push(...push(samples.subarray(at, at + block)));
  return output;
}

const rmsDb = (samples: readonly number[]) =>
  10 * Math.log10(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);

describe('44.1 kHz sound at 48 kHz', () => {
  let kernel: Uint8Array<ArrayBuffer>;
  beforeAll(async () => {
    kernel = (await compileKernel('worker/capture/recorder/kernel')) as Uint8Array<ArrayBuffer>;
  });
  const resampler = () => createResampler({ fromHz: 44_100, toHz: 48_000, kernel });

  /** Both channels next to each other. */
  const stereo = (left: Float32Array, right: Float32Array) =>
    Float32Array.from({ length: 2 * left.length }, (_, n) => Number((n % 2 === 0 ? left : right)[n >> 1]));

  test.each([
    100, 1000, 10_000, 14_000,
  ])('is the same %i Hz tone, at the same time, and another one on the right', (hz) => {
    const input = stereo(tone(hz, 44_100, 44_100), tone(hz / 2, 44_100, 44_100));
    const output = inBlocks(resampler().push, input, 2 * 441);
    expect(Math.abs(output.length / 2 - 48_000)).toBeLessThan(60);
    const wanted = stereo(tone(hz, 48_000, output.length / 2), tone(hz / 2, 48_000, output.length / 2));
    // The start is left out: before it lies silence, not the tone.
    const off = output.map((x, n) => x - (wanted[n] as number)).slice(200);
    expect(rmsDb(off)).toBeLessThan(-70);
  });

  test('stays continuous whatever the size of the blocks', () => {
    const input = stereo(tone(997, 44_100, 44_100), tone(1500, 44_100, 44_100));
    const whole = [...resampler().push(input)];
    const parts = inBlocks(resampler().push, input, 2 * 7);
    expect(parts).toEqual(whole.slice(0, parts.length));
    expect(whole.length - parts.length).toBeLessThan(4);
  });

  test('keeps left and right apart, and silence silent', () => {
    const output = resampler().push(stereo(tone(440, 44_100, 4410), new Float32Array(4410)));
    expect(output.filter((_, n) => n % 2 === 1).every((x) => x === 0)).toBe(true);
    expect(Math.max(...output)).toBeGreaterThan(0.99);
  });
});

describe('the limiter', () => {
  const limiter = () => createLimiter({ sampleRate: 48_000, channels: 1 });

  test('does not change sound that is not too loud', () => {
    const input = tone(440, 48_000, 4800, 0.9);
    const output = inBlocks(limiter().push, input, 480);
    expect(output).toEqual([...input.slice(0, output.length)]);
  });

  test('keeps loud sound below full scale without clipping it', () => {
    const output = inBlocks(limiter().push, tone(440, 48_000, 48_000, 4), 480);
    expect(Math.max(...output.map(Math.abs))).toBeLessThanOrEqual(0.9661);
    // Once settled it is a sine again: what is left beside its first harmonic is 40 dB down.
    const settled = output.slice(24_000, 24_000 + 4800);
    const at = (shift: number) =>
      settled.reduce((sum, x, n) => sum + x * Math.sin((2 * Math.PI * 440 * n) / 48_000 + shift), 0) / 2400;
    const [sine, cosine] = [at(0), at(Math.PI / 2)];
    const rest = settled.map((x, n) => {
      const phase = (2 * Math.PI * 440 * n) / 48_000;
      return x - sine * Math.sin(phase) - cosine * Math.cos(phase);
    });
    expect(rmsDb(rest) - rmsDb(settled)).toBeLessThan(-40);
  });

  test('recovers after a peak', () => {
    const { push } = limiter();
    push(tone(440, 48_000, 4800, 4));
    inBlocks(push, tone(440, 48_000, 96_000, 0.5), 480);
    expect(Math.max(...push(tone(440, 48_000, 4800, 0.5)))).toBeCloseTo(0.5, 3);
  });
});

describe('a seam', () => {
  const largestStep = (samples: readonly number[]) =>
    Math.max(...samples.slice(1).map((x, n) => Math.abs(x - (samples[n] as number))));

  test('does not click where sound stops and starts', () => {
    const { follow, join } = createSeams({ sampleRate: 48_000, channels: 1 });
    const loud = new Float32Array(480).fill(0.8);
    const output = [...follow(loud), ...join(new Float32Array(480)), ...join(loud), ...follow(loud)];
    expect(largestStep(output.slice(1))).toBeLessThan(0.01);
    expect(output[959]).toBe(0);
    expect(output.at(-1)).toBeCloseTo(0.8);
  });

  test('is joined with the next block if nothing is left of this one', () => {
    const { follow, join } = createSeams({ sampleRate: 48_000, channels: 1 });
    const output = [...follow(new Float32Array(480).fill(0.8)), ...join(new Float32Array(0))];
    output.push(...follow(new Float32Array(480).fill(-0.8)));
    expect(largestStep(output)).toBeLessThan(0.01);
  });
});
