/** Reads the bits of a NAL unit (H.264 7.2). Behind its end, there are zeros. */
export interface BitReader {
  /** Unsigned, `count` is at most 32. */
  bits(count: number): number;
  /** ue(v), an Exp-Golomb code (H.264 9.1). */
  unsigned(): number;
  /** se(v), likewise. */
  signed(): number;
  /** How many bits were read. */
  position(): number;
}

export function readBits(bytes: Uint8Array): BitReader {
  let position = 0;
  const bit = () => {
    const value = (Number(bytes[position >> 3] ?? 0) >> (7 - (position & 7))) & 1;
    position++;
    return value;
  };
  const bits = (count: number) => {
    let value = 0;
    for (let at = 0; at < count; at++) value = value * 2 + bit();
    return value;
  };
  const unsigned = () => {
    let zeros = 0;
    while (zeros < 32 && bit() === 0) zeros++;
    return 2 ** zeros - 1 + bits(zeros);
  };
  return {
    bits,
    unsigned,
    signed: () => {
      const code = unsigned();
      return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
    },
    position: () => position,
  };
}

/** Writes bits as text of zeros and ones. */
export const asBits = (value: number, count: number) => value.toString(2).padStart(count, '0');

/** ue(v), an Exp-Golomb code (H.264 9.1). */
export function asUnsigned(value: number): string {
  const digits = (value + 1).toString(2);
  return '0'.repeat(digits.length - 1) + digits;
}

/** A NAL unit of these bits: with the bit that ends it, and without what would look like the beginning of another one. */
export function nalUnit(bits: string): Uint8Array {
  const whole = `${bits}1`;
  const text = whole.padEnd(Math.ceil(whole.length / 8) * 8, '0');
  const bytes = Array.from({ length: text.length / 8 }, (_, at) =>
    Number.parseInt(text.slice(at * 8, at * 8 + 8), 2),
  );
  return withEscapes(new Uint8Array(bytes));
}

const ESCAPE = 3;

/** Leaves the bytes out that keep the payload from looking like a start code (H.264 7.4.1). */
export function withoutEscapes(nal: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(nal.length);
  let [length, zeros] = [0, 0];
  for (const byte of nal) {
    if (zeros >= 2 && byte === ESCAPE) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    bytes[length++] = byte;
  }
  return bytes.subarray(0, length);
}

/** Puts them in again. */
export function withEscapes(bytes: Uint8Array): Uint8Array {
  const nal = new Uint8Array(Math.ceil((bytes.length * 3) / 2));
  let [length, zeros] = [0, 0];
  for (const byte of bytes) {
    if (zeros === 2 && byte <= ESCAPE) {
      nal[length++] = ESCAPE;
      zeros = 0;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    nal[length++] = byte;
  }
  return nal.subarray(0, length);
}
