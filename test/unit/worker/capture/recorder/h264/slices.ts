import { asBits, asUnsigned, nalUnit } from '../../../../../../worker/capture/recorder/h264/bits.ts';

/** The parameter sets of Chromium's OpenH264 at 1280 x 720, with another kind of order or of coding where asked for. */
export function config({ orderKind = 0, isArithmetic = false } = {}): VideoDecoderConfig {
  const order = orderKind === 0 ? asUnsigned(0) + asUnsigned(12) : asUnsigned(orderKind);
  const sps = nalUnit(
    `${asBits(0x67, 8)}${asBits(66, 8)}${asBits(0xc0, 8)}${asBits(31, 8)}${asUnsigned(0)}${asUnsigned(11)}${order}${asUnsigned(1)}0${asUnsigned(79)}${asUnsigned(44)}1100`,
  );
  const pps = nalUnit(
    `${asBits(0x68, 8)}${asUnsigned(0)}${asUnsigned(0)}${isArithmetic ? '1' : '0'}0${asUnsigned(0)}${asUnsigned(0)}${asUnsigned(0)}000${asUnsigned(0)}${asUnsigned(0)}${asUnsigned(0)}100`,
  );
  const sized = (set: Uint8Array) => [set.length >> 8, set.length & 255, ...set];
  const description = Uint8Array.from([1, 66, 192, 31, 0xff, 0xe1, ...sized(sps), 1, ...sized(pps)]);
  return { codec: 'avc1.42c01f', description };
}

/** A slice as the encoder writes it. */
export function slice(given: {
  isKey?: boolean;
  isReference?: boolean;
  frameNum: number;
  order: number;
}): Uint8Array {
  const { isKey = false, isReference = true, frameNum, order } = given;
  const header = asBits((isReference ? 0x60 : 0) | (isKey ? 5 : 1), 8);
  const key = isKey ? asUnsigned(1) : '';
  const nal = nalUnit(
    `${header}${asUnsigned(0)}${asUnsigned(0)}${asUnsigned(0)}${asBits(frameNum, 15)}${key}${asBits(order, 16)}${'10'.repeat(40)}`,
  );
  return Uint8Array.from([0, 0, 0, nal.length, ...nal]);
}
