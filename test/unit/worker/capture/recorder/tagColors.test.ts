import { describe, expect, test } from 'vitest';
import { tagDecoderConfig, tagVp9KeyFrame } from '../../../../../worker/capture/recorder/tagColors.ts';

/** Values of matrix_coefficients (H.264, table E-5). */
const BT709 = 1;
const BT601 = 6;

const unsigned = (value: number, length: number) => value.toString(2).padStart(length, '0');
/** Exponential Golomb code, ue(v) of H.264 9.1. */
const golomb = (value: number) => unsigned(value + 1, 2 * Math.floor(Math.log2(value + 1)) + 1);

/** A sequence parameter set of 1280 x 720, baseline, as H.264 7.3.2.1 and E.1.1 have it; without a matrix, untagged. */
function parameterSet(matrix: number | null): number[] {
  const size = [golomb(79), golomb(44)]; // in blocks of 16 pixels, less one
  // Of the usability information only the video_signal_type is there: unspecified format, limited range, and these.
  const colors = [1, 1, matrix ?? 0].map((value) => unsigned(value, 8)).join('');
  const usability = matrix === null ? '0' : `100110101${colors}000000`;
  const bits = [
    ...[unsigned(0x67, 8), unsigned(66, 8), unsigned(0xc0, 8), unsigned(31, 8)],
    ...[golomb(0), golomb(0), golomb(2), golomb(1), '0', ...size, '1', '1', '0', usability, '1'],
  ].join('');
  return (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2));
}

/** The description of an H.264 stream in MP4 (ISO 14496-15, 5.3.3). */
function description(matrix: number | null): Uint8Array {
  const set = parameterSet(matrix);
  const picture = [0x68, 0xce, 0x3c, 0x80];
  return Uint8Array.of(1, 66, 0xc0, 31, 0xff, 0xe1, 0, set.length, ...set, 1, 0, picture.length, ...picture);
}

describe('the configuration of H.264', () => {
  test('says BT.601 in the stream where it said BT.709, and nothing else changes', () => {
    const given = description(BT709);
    const { description: tagged } = tagDecoderConfig({ codec: 'avc1.42c01f', description: given });
    expect(tagged).toEqual(description(BT601));
    expect(given).toEqual(description(BT709));
  });

  test('may be a part of a larger buffer, or a buffer', () => {
    const within = Uint8Array.of(9, 9, ...description(BT709), 9);
    for (const given of [within.subarray(2, -1), description(BT709).buffer])
      expect(tagDecoderConfig({ codec: 'avc1.42c01f', description: given }).description).toEqual(
        description(BT601),
      );
  });

  test.each([
    ['says BT.601 already', BT601],
    ['says nothing of colours', null],
  ])('stays as it is in the stream where it %s', (_what, matrix) => {
    const config = tagDecoderConfig({ codec: 'avc1.42c01f', description: description(matrix) });
    expect(config.description).toEqual(description(matrix));
  });
});

test.each([
  ['avc1.42c01f', description(BT709)],
  ['vp09.00.31.08', undefined],
])('the container says BT.601, in %s', (codec, given) => {
  const wrong = { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange: false } as const;
  const config = { codec, codedWidth: 1280, colorSpace: wrong, ...(given ? { description: given } : {}) };
  expect(tagDecoderConfig(config)).toMatchObject({
    codec,
    codedWidth: 1280,
    colorSpace: { primaries: 'bt709', transfer: 'bt709', matrix: 'smpte170m', fullRange: false },
  });
});

test('the description of any other codec is left alone', () => {
  const given = description(BT709);
  expect(tagDecoderConfig({ codec: 'vp09.00.31.08', description: given }).description).toBe(given);
  expect(tagDecoderConfig({ codec: 'vp09.00.31.08' })).not.toHaveProperty('description');
});

test('a VP9 key frame says BT.601 in its three bits, and nothing else changes', () => {
  const frame = Uint8Array.of(0x82, 0x49, 0x83, 0x42, 0b010_10110, 0xff);
  tagVp9KeyFrame(frame);
  expect([...frame]).toEqual([0x82, 0x49, 0x83, 0x42, 0b001_10110, 0xff]);
});
