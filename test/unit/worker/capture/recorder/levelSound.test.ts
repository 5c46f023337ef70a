import { expect, test } from 'vitest';
import { levelSound } from '../../../../../worker/capture/recorder/levelSound.ts';

/** An encoding that notes from which sample on it is given how much sound, both per channel. */
function encoding() {
  const pieces: [at: number, length: number][] = [];
  const addSound = (samples: Float32Array, atS: number) => {
    expect(samples.every((sample) => sample === 0)).toBe(true);
    pieces.push([Math.round(atS * 48_000), samples.length / 2]);
  };
  return { pieces, addSound };
}

test('files that end at different times get silence from exactly where each ends, and are then equally long', () => {
  const [aac, opus, longest] = [encoding(), encoding(), encoding()];
  const endS = 200_000 / 48_000;
  const lengthS = levelSound([aac, opus, longest], [100 * (1024 / 48_000), 3.98, endS], 48_000);
  expect(Math.round(lengthS * 48_000)).toBe(200_000);
  expect(aac.pieces).toEqual([
    [102_400, 48_000],
    [150_400, 48_000],
    [198_400, 1_600],
  ]);
  expect(opus.pieces).toEqual([[191_040, 8_960]]);
  expect(longest.pieces).toEqual([]);
});

test('a recording that begins gets no silence', () => {
  const one = encoding();
  expect(levelSound([one], [], 48_000)).toBe(0);
  expect(one.pieces).toEqual([]);
});
