import { beforeAll, describe, expect, it } from 'vitest';
import { compileKernel } from '../../../../../worker/capture/composer/kernel/compileKernel.ts';
import { type Kernel, openKernel } from '../../../../../worker/capture/composer/openKernel.ts';
import { randomFrom } from '../../../../support/randomFrom.ts';

let kernel: Kernel;
beforeAll(async () => {
  kernel = await openKernel(
    (await compileKernel('worker/capture/composer/kernel')) as Uint8Array<ArrayBuffer>,
  );
});

function put(samples: readonly number[]): number {
  const address = kernel.allocate(samples.length + 16);
  kernel.bytes.set(samples, address);
  return address;
}

function take(address: number, count: number): number[] {
  return [...kernel.bytes.subarray(address, address + count)];
}

function noise(count: number, random: () => number, from = 0, to = 255): number[] {
  return Array.from({ length: count }, () => Math.floor(from + random() * (to - from + 1)));
}

const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value));

describe('differs', () => {
  it('finds a single sample that differs by more than the tolerance, wherever it is', () => {
    for (const count of [1, 15, 16, 17, 63, 100])
      for (let at = 0; at < count; at++) {
        const a = new Array(count).fill(100);
        const b = a.with(at, 103);
        const [first, second] = [put(a), put(b)];
        expect(kernel.differs(first, second, count, 2)).toBe(1);
        expect(kernel.differs(second, first, count, 2)).toBe(1);
        expect(kernel.differs(first, second, count, 3)).toBe(0);
        kernel.free(first);
        kernel.free(second);
      }
  });
});

describe('shares', () => {
  it('is whole where black became white, none where nothing changed, and half in the middle', () => {
    const black = put([16, 80, 16, 16, 200]);
    const white = put([235, 80, 126, 18, 190]);
    const out = kernel.allocate(16);
    kernel.shares(out, black, white, 5);
    expect(take(out, 5)).toEqual([128, 0, 64, 0, 0]);
  });

  it('is the mean of four in the chroma planes', () => {
    const shares = put([128, 0, 128, 128, 128, 0, 0, 2]);
    const out = kernel.allocate(16);
    kernel.halveShares(out, shares, 4, 2);
    expect(take(out, 2)).toEqual([64, 65]);
  });
});

describe('blend', () => {
  it('keeps a sample of the video where all of it shows, and the base where none of it does', () => {
    const width = 37;
    const video = noise(width, randomFrom('1'), 16, 235);
    const out = kernel.allocate(64);
    const whole = put(new Array(width).fill(128));
    const none = put(new Array(width).fill(0));
    kernel.blend(out, put(new Array(width).fill(16)), whole, width, put(video), width, width, 1, 16);
    expect(take(out, width)).toEqual(video);
    const base = noise(width, randomFrom('2'));
    kernel.blend(out, put(base), none, width, put(video), width, width, 1, 16);
    expect(take(out, width)).toEqual(base);
  });

  it('is base + share * (video - zero) for any size, stride and share', () => {
    const random = randomFrom('3');
    for (let round = 0; round < 60; round++) {
      const [width, height] = [1 + Math.floor(random() * 70), 1 + Math.floor(random() * 5)];
      const [stride, videoStride] = [width + Math.floor(random() * 9), width + Math.floor(random() * 9)];
      const zero = random() < 0.5 ? 16 : 128;
      const base = noise(stride * height, random);
      const share = noise(stride * height, random, 0, 128);
      const video = noise(videoStride * height, random);
      const [b, s, v, out] = [put(base), put(share), put(video), put(new Array(stride * height).fill(7))];
      kernel.blend(out, b, s, stride, v, videoStride, width, height, zero);
      const wanted = new Array(stride * height).fill(7);
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const at = y * stride + x;
          const part = ((video[y * videoStride + x] as number) - zero) * (share[at] as number);
          wanted[at] = clamp((base[at] as number) + Math.floor((part + 64) / 128), 0, 255);
        }
      expect(take(out, stride * height)).toEqual(wanted);
      for (const address of [b, s, v, out]) kernel.free(address);
    }
  });
});

/** Bilinear, in floating point. */
function scaledPlainly(
  source: readonly number[],
  { width, height }: { width: number; height: number },
  size: { width: number; height: number },
  [firstX, firstY, stepX, stepY]: readonly [number, number, number, number],
): number[] {
  const at = (x: number, y: number) =>
    source[clamp(y, 0, height - 1) * width + clamp(x, 0, width - 1)] as number;
  const out: number[] = [];
  for (let row = 0; row < size.height; row++)
    for (let column = 0; column < size.width; column++) {
      const [x, y] = [
        clamp(firstX + column * stepX, 0, width - 1),
        clamp(firstY + row * stepY, 0, height - 1),
      ];
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [fx, fy] = [x - left, y - top];
      const upper = at(left, top) * (1 - fx) + at(left + 1, top) * fx;
      const lower = at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx;
      out.push(upper * (1 - fy) + lower * fy);
    }
  return out;
}

describe('scale', () => {
  it('is within two steps of plain bilinear scaling for any sizes, parts and mirroring', () => {
    const random = randomFrom('4');
    for (let round = 0; round < 80; round++) {
      const from = { width: 2 + Math.floor(random() * 60), height: 2 + Math.floor(random() * 40) };
      const to = { width: 1 + Math.floor(random() * 60), height: 1 + Math.floor(random() * 40) };
      const steps = [
        random() * from.width - 2,
        random() * 4 - 2,
        (random() * 3 + 0.1) * (random() < 0.5 ? -1 : 1),
        random() * 3 + 0.1,
      ] as const;
      const source = noise(from.width * from.height, random);
      const address = put(source);
      const out = kernel.allocate(to.width * to.height);
      const scratch = kernel.allocate(8 * to.width + from.width + 64);
      const fixed = steps.map((value) => Math.round(value * 65_536)) as [number, number, number, number];
      kernel.scale(
        out,
        to.width,
        to.width,
        to.height,
        address,
        from.width,
        from.width,
        from.height,
        ...fixed,
        scratch,
      );
      const wanted = scaledPlainly(source, from, to, steps);
      const got = take(out, to.width * to.height);
      const worst = Math.max(...got.map((value, index) => Math.abs(value - (wanted[index] as number))));
      expect(worst).toBeLessThanOrEqual(3);
      for (const used of [address, out, scratch]) kernel.free(used);
    }
  });

  it('halves by the mean of four, for any width', () => {
    const random = randomFrom('5');
    for (let width = 1; width < 40; width++) {
      const source = noise(4 * width * 3, random);
      const out = kernel.allocate(3 * width + 16);
      kernel.halve(out, width, width, 3, put(source), 2 * width);
      const wanted = Array.from({ length: 3 * width }, (_, index) => {
        const at = 2 * Math.floor(index / width) * 2 * width + 2 * (index % width);
        const four = [at, at + 1, at + 2 * width, at + 2 * width + 1].map((one) => source[one] as number);
        return Math.floor((four.reduce((sum, one) => sum + one) + 2) / 4);
      });
      expect(take(out, 3 * width)).toEqual(wanted);
    }
  });
});

describe('fromRgb', () => {
  it('gives the values of BT.601 in limited range', () => {
    // Black, white, red, green, blue: the values of ITU-R BT.601 in 8 bits.
    const known = [
      [
        [0, 0, 0],
        [16, 128, 128],
      ],
      [
        [255, 255, 255],
        [235, 128, 128],
      ],
      [
        [255, 0, 0],
        [82, 90, 240],
      ],
      [
        [0, 255, 0],
        [145, 54, 34],
      ],
      [
        [0, 0, 255],
        [41, 240, 110],
      ],
    ] as const;
    for (const [[r, g, b], wanted] of known)
      for (const red of [0, 2]) {
        const pixel = red === 0 ? [r, g, b, 255] : [b, g, r, 255];
        const pixels = put([...pixel, ...pixel, ...pixel, ...pixel]);
        const out = kernel.allocate(16);
        kernel.fromRgb(out, out + 4, out + 5, pixels, 8, 2, 2, red);
        const got = take(out, 6);
        for (const luma of got.slice(0, 4)) expect(Math.abs(luma - wanted[0])).toBeLessThanOrEqual(1);
        expect(Math.abs((got[4] as number) - wanted[1])).toBeLessThanOrEqual(1);
        expect(Math.abs((got[5] as number) - wanted[2])).toBeLessThanOrEqual(1);
      }
  });

  it('gives an odd picture a chroma sample for its last column and row', () => {
    const pixels = put(new Array(9).fill([255, 0, 0, 255]).flat());
    const out = put(new Array(20).fill(7));
    kernel.fromRgb(out, out + 9, out + 13, pixels, 12, 3, 3, 0);
    expect(take(out, 20)).toEqual([
      ...new Array(9).fill(82),
      ...new Array(4).fill(90),
      ...new Array(4).fill(240),
      7,
      7,
      7,
    ]);
  });
});
