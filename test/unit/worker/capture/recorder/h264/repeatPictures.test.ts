import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  asUnsigned,
  readBits,
  withEscapes,
  withoutEscapes,
} from '../../../../../../worker/capture/recorder/h264/bits.ts';
import { createPictureRepeater } from '../../../../../../worker/capture/recorder/h264/repeatPictures.ts';
import { config, slice } from './slices.ts';

const bytesWithZeros = fc.uint8Array({ max: 4, maxLength: 200 });

test('escaped bytes never look like a start code, and come back as they were', () => {
  fc.assert(
    fc.property(bytesWithZeros, (bytes) => {
      const nal = withEscapes(bytes);
      for (let at = 0; at + 2 < nal.length; at++)
        expect(nal[at] === 0 && nal[at + 1] === 0 && Number(nal[at + 2]) < 3).toBe(false);
      expect([...withoutEscapes(nal)]).toEqual([...bytes]);
    }),
  );
});

test('Exp-Golomb codes are read as they were written', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100_000), { minLength: 1, maxLength: 20 }), (values) => {
      const text = values.map(asUnsigned).join('').padEnd(2000, '0');
      const bytes = Uint8Array.from({ length: 250 }, (_, at) =>
        Number.parseInt(text.slice(at * 8, at * 8 + 8), 2),
      );
      const reader = readBits(bytes);
      expect(values.map(() => reader.unsigned())).toEqual(values);
    }),
  );
});

/** The fields of a slice that tell its place. */
function placeOf(data: Uint8Array) {
  const reader = readBits(withoutEscapes(data.subarray(4)));
  const [isReference, type] = [(reader.bits(3) & 3) > 0, reader.bits(5)];
  for (let field = 0; field < 3; field++) reader.unsigned();
  const frameNum = reader.bits(15);
  if (type === 5) reader.unsigned();
  return { isReference, frameNum, order: reader.bits(16) };
}

describe('pictures that are shown again', () => {
  test('take their places between the encoder’s, which move back until the next key frame', () => {
    const repeater = createPictureRepeater();
    const key = slice({ isKey: true, frameNum: 0, order: 0 });
    expect(repeater.pass(key, config())).toBe(key);
    expect(placeOf(Uint8Array.from(repeater.again() ?? []))).toEqual({
      isReference: false,
      frameNum: 1,
      order: 2,
    });
    expect(placeOf(Uint8Array.from(repeater.again() ?? []))).toMatchObject({ frameNum: 1, order: 4 });
    const next = repeater.pass(slice({ isReference: false, frameNum: 1, order: 2 }), undefined);
    expect(placeOf(next)).toEqual({ isReference: false, frameNum: 1, order: 6 });
    expect(placeOf(repeater.pass(slice({ frameNum: 1, order: 4 }), undefined))).toMatchObject({ order: 8 });
    const second = slice({ isKey: true, frameNum: 0, order: 0 });
    expect(repeater.pass(second, undefined)).toBe(second);
  });

  test('have some ten bytes', () => {
    const repeater = createPictureRepeater();
    repeater.pass(slice({ isKey: true, frameNum: 0, order: 0 }), config());
    expect(repeater.again()?.length).toBeLessThan(20);
  });

  test('are never those on which no other picture may depend', () => {
    const repeater = createPictureRepeater();
    repeater.pass(slice({ isKey: true, frameNum: 0, order: 0 }), config());
    repeater.pass(slice({ isReference: false, frameNum: 1, order: 2 }), undefined);
    expect(repeater.canRepeat()).toBe(false);
    expect(repeater.again()).toBeNull();
  });

  test('go on over the end of both counters', () => {
    const repeater = createPictureRepeater();
    repeater.pass(slice({ isKey: true, frameNum: 0, order: 0 }), config());
    repeater.pass(slice({ frameNum: 2 ** 15 - 1, order: 2 ** 16 - 2 }), undefined);
    expect(placeOf(Uint8Array.from(repeater.again() ?? []))).toMatchObject({ frameNum: 0, order: 0 });
  });

  test.each([
    { orderKind: 2 },
    { isArithmetic: true },
  ])('are left to the encoder where it writes %o', (kind) => {
    const repeater = createPictureRepeater();
    const key = slice({ isKey: true, frameNum: 0, order: 0 });
    expect(repeater.pass(key, config(kind))).toBe(key);
    expect(repeater.canRepeat()).toBe(false);
    expect(repeater.again()).toBeNull();
  });
});
