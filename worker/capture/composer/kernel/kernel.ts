/*
 * What is done to every pixel of a picture, in AssemblyScript, which compiles to WebAssembly with SIMD. A plane is 8 bits
 * a sample; addresses are bytes of the module's memory; strides are bytes. The caller owns the memory, and nothing
 * of the module's own lies in it.
 */

/** A share is 0 to 128, so that a share times a difference of two samples fits into 16 bits. */
const WHOLE: i32 = 128;
/** Luma of black and white in limited range (ITU-R BT.601, 2.5.3): the video of a stand-in shows 219 steps. */
const BLACK: i32 = 16;
/** Differences up to this come from rounding, not from a video that shines through. */
const NOISE: i32 = 2;

/** Whether any of so many samples differ by more than `tolerance`. */
export function differs(a: usize, b: usize, count: i32, tolerance: i32): bool {
  const allowed = i8x16.splat(<i8>tolerance);
  const end = a + (count & ~15);
  while (a < end) {
    const one = v128.load(a);
    const other = v128.load(b);
    const distance = v128.or(v128.sub_sat<u8>(one, other), v128.sub_sat<u8>(other, one));
    if (v128.any_true(v128.sub_sat<u8>(distance, allowed))) return true;
    a += 16;
    b += 16;
  }
  for (let left = count & 15; left > 0; left--) {
    if (abs(<i32>load<u8>(a) - <i32>load<u8>(b)) > tolerance) return true;
    a++;
    b++;
  }
  return false;
}

/**
 * How much of the video shows in each pixel, from the luma of the picture with black videos and of the one with white ones.
 */
export function shares(out: usize, black: usize, white: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const shown = <i32>load<u8>(white + i) - <i32>load<u8>(black + i);
    let share = 0;
    if (shown >= 219 - NOISE) share = WHOLE;
    else if (shown > NOISE) share = (shown * WHOLE + 109) / 219;
    store<u8>(out + i, <u8>share);
  }
}

/** Shares of the chroma planes, which are half as wide and half as high: each is the mean of four. */
export function halveShares(out: usize, shares: usize, width: i32, height: i32): void {
  for (let y = 0; y < height; y += 2) {
    const upper = shares + y * width;
    const lower = upper + width;
    for (let x = 0; x < width; x += 2) {
      const sum =
        <i32>load<u8>(upper + x) +
        <i32>load<u8>(upper + x, 1) +
        <i32>load<u8>(lower + x) +
        <i32>load<u8>(lower + x, 1);
      store<u8>(out++, <u8>((sum + 2) >> 2));
    }
  }
}

/**
 * Puts a part of a video into a plane of the picture: `out = base + share * (video - zero)`. `base` and `share` have the
 * stride of the picture. `zero` is what the stand-in showed: 16 for luma, 128 for chroma.
 */
export function blend(
  out: usize,
  base: usize,
  share: usize,
  stride: i32,
  video: usize,
  videoStride: i32,
  width: i32,
  height: i32,
  zero: i32,
): void {
  const zeros = i16x8.splat(<i16>zero);
  const half = i16x8.splat(<i16>(WHOLE >> 1));
  const whole = i8x16.splat(<i8>WHOLE);
  const nothing = i8x16.splat(<i8>zero);
  for (let y = 0; y < height; y++) {
    let x = 0;
    for (; x + 16 <= width; x += 16) {
      const a = v128.load(share + x);
      const b = v128.load(base + x);
      // Nearly all of a picture is either video or something else, and seldom a mixture.
      if (!v128.any_true(a)) {
        v128.store(out + x, b);
        continue;
      }
      const v = v128.load(video + x);
      if (v128.all_true<i8>(v128.and(v128.eq<i8>(a, whole), v128.eq<i8>(b, nothing)))) {
        v128.store(out + x, v);
        continue;
      }
      const low = mixed(v128.extend_low<u8>(b), v128.extend_low<u8>(v), v128.extend_low<u8>(a), zeros, half);
      const high = mixed(
        v128.extend_high<u8>(b),
        v128.extend_high<u8>(v),
        v128.extend_high<u8>(a),
        zeros,
        half,
      );
      v128.store(out + x, v128.narrow<u16>(low, high));
    }
    for (; x < width; x++) {
      const difference = <i32>load<u8>(video + x) - zero;
      const sum = <i32>load<u8>(base + x) + ((difference * <i32>load<u8>(share + x) + (WHOLE >> 1)) >> 7);
      store<u8>(out + x, <u8>max(0, min(255, sum)));
    }
    out += stride;
    base += stride;
    share += stride;
    video += videoStride;
  }
}

// @ts-expect-error: decorators of functions are AssemblyScript's own
@inline
function mixed(base: v128, video: v128, share: v128, zeros: v128, half: v128): v128 {
  const part = v128.add<i16>(v128.mul<i16>(v128.sub<i16>(video, zeros), share), half);
  return v128.add<i16>(base, v128.shr<i16>(part, 7));
}

/** So many samples of a row are scaled at once, from 16 of the source. */
const GROUP: i32 = 8;
/** Where things are in what is kept of a group, in bytes: two lanes of each sample, its share, and where its 16 samples begin. */
const RIGHT_LANES: usize = 8;
const SHARES: usize = 16;
const FIRST: usize = 32;

/**
 * Scales a plane, bilinear. The centre of pixel (x, y) of the result lies at (firstX + x * stepX, firstY + y * stepY) of the
 * source, in 1/65536 of its pixels, where 0 is the centre of its first one; a negative step mirrors. What lies outside is
 * the nearest pixel. `scratch` holds 8 bytes for each pixel of a row of the result, then a row of the source and 32 bytes.
 */
export function scale(
  out: usize,
  outStride: i32,
  width: i32,
  height: i32,
  source: usize,
  sourceStride: i32,
  sourceWidth: i32,
  sourceHeight: i32,
  firstX: i32,
  firstY: i32,
  stepX: i32,
  stepY: i32,
  scratch: usize,
): void {
  const columns = scratch;
  const blended = scratch + 8 * width;
  // 8 results lie in 16 samples of the source, with one more to the right of the last.
  const grouped = abs(stepX) <= (14 << 16) / GROUP ? width - (width % GROUP) : 0;
  for (let x = 0; x < grouped; x += GROUP)
    prepareGroup(columns + (x << 3), firstX + x * stepX, stepX, sourceWidth);
  for (let x = grouped; x < width; x++) {
    const at = within(firstX + x * stepX, sourceWidth);
    const left = leftOf(at, sourceWidth);
    store<u32>(columns + (x << 3), left);
    store<u32>(columns + (x << 3), (at - (left << 16)) >> 8, 4);
  }
  const ends = leftOf(within(firstX, sourceWidth), sourceWidth);
  const otherEnds = leftOf(within(firstX + (width - 1) * stepX, sourceWidth), sourceWidth);
  const from = min(ends, otherEnds) & ~15;
  const count = max(ends, otherEnds) + 2 - from;
  for (let y = 0; y < height; y++) {
    const at = within(firstY + y * stepY, sourceHeight);
    const top = at >> 16;
    const share = (at >> 8) & 255;
    let row = source + top * sourceStride;
    if (share !== 0 && top + 1 < sourceHeight) {
      blendRows(blended + from, row + from, row + from + sourceStride, count, share);
      row = blended;
    }
    for (let x = 0; x < grouped; x += GROUP) scaleGroup(out + x, row, columns + (x << 3));
    for (let x = grouped; x < width; x++) {
      const left = row + load<u32>(columns + (x << 3));
      const right = <i32>load<u32>(columns + (x << 3), 4);
      const sum = <i32>load<u8>(left) * (256 - right) + <i32>load<u8>(left, 1) * right;
      store<u8>(out + x, <u8>((sum + 128) >> 8));
    }
    out += outStride;
  }
}

/** A place of the source in 1/65536 of its samples, or the nearest one that there is. */
// @ts-expect-error: decorators of functions are AssemblyScript's own
@inline
function within(at: i32, samples: i32): i32 {
  return max(0, min((samples - 1) << 16, at));
}

/** The sample to the left of a place. The last sample lies to the right of all places, if there are two. */
// @ts-expect-error: decorators of functions are AssemblyScript's own
@inline
function leftOf(at: i32, samples: i32): i32 {
  return min(at >> 16, max(0, samples - 2));
}

/** Writes down where 8 samples of a row lie in the source, and the share of the one to the right of each. */
function prepareGroup(group: usize, firstX: i32, stepX: i32, sourceWidth: i32): void {
  const left = leftOf(within(firstX, sourceWidth), sourceWidth);
  const right = leftOf(within(firstX + (GROUP - 1) * stepX, sourceWidth), sourceWidth);
  const first = min(left, right);
  store<u32>(group, first, FIRST);
  for (let lane = 0; lane < GROUP; lane++) {
    const at = within(firstX + lane * stepX, sourceWidth);
    const place = leftOf(at, sourceWidth);
    store<u8>(group + lane, place - first);
    store<u8>(group + lane, place - first + 1, RIGHT_LANES);
    store<u16>(group + (lane << 1), (at - (place << 16)) >> 8, SHARES);
  }
}

/** Scales 8 samples of a row. */
// @ts-expect-error: decorators of functions are AssemblyScript's own
@inline
function scaleGroup(out: usize, row: usize, group: usize): void {
  const both = v128.swizzle(v128.load(row + load<u32>(group, FIRST)), v128.load(group));
  const left = v128.extend_low<u8>(both);
  const right = v128.extend_high<u8>(both);
  // left * 256 + (right - left) * share: what overflows on the way comes back with the sum.
  const part = v128.mul<i16>(v128.sub<i16>(right, left), v128.load(group, SHARES));
  const sum = v128.add<i16>(v128.add<i16>(v128.shl<i16>(left, 8), part), i16x8.splat(128));
  const mean = v128.shr<u16>(sum, 8);
  v128.store_lane<i64>(out, v128.narrow<u16>(mean, mean), 0);
}

/** `out = upper * (256 - share) / 256 + lower * share / 256`. It writes whole groups of 16 samples. */
function blendRows(out: usize, upper: usize, lower: usize, width: i32, share: i32): void {
  const ofLower = i16x8.splat(<i16>share);
  const ofUpper = i16x8.splat(<i16>(256 - share));
  const half = i16x8.splat(128);
  for (let x = 0; x < width; x += 16) {
    const a = v128.load(upper + x);
    const b = v128.load(lower + x);
    const low = weighed(v128.extend_low<u8>(a), v128.extend_low<u8>(b), ofUpper, ofLower, half);
    const high = weighed(v128.extend_high<u8>(a), v128.extend_high<u8>(b), ofUpper, ofLower, half);
    v128.store(out + x, v128.narrow<u16>(low, high));
  }
}

// @ts-expect-error: decorators of functions are AssemblyScript's own
@inline
function weighed(a: v128, b: v128, ofA: v128, ofB: v128, half: v128): v128 {
  const sum = v128.add<i16>(v128.add<i16>(v128.mul<i16>(a, ofA), v128.mul<i16>(b, ofB)), half);
  return v128.shr<u16>(sum, 8);
}

/** Halves a plane in both directions: each sample is the mean of four. `width` and `height` are those of the result. */
export function halve(
  out: usize,
  outStride: i32,
  width: i32,
  height: i32,
  source: usize,
  sourceStride: i32,
): void {
  const even = i16x8.splat(255);
  const two = i16x8.splat(2);
  for (let y = 0; y < height; y++) {
    const upper = source;
    const lower = source + sourceStride;
    let x = 0;
    for (; x + 8 <= width; x += 8) {
      const a = v128.load(upper + (x << 1));
      const b = v128.load(lower + (x << 1));
      const sumA = v128.add<i16>(v128.and(a, even), v128.shr<u16>(a, 8));
      const sumB = v128.add<i16>(v128.and(b, even), v128.shr<u16>(b, 8));
      const mean = v128.shr<u16>(v128.add<i16>(v128.add<i16>(sumA, sumB), two), 2);
      v128.store_lane<i64>(out + x, v128.narrow<u16>(mean, mean), 0);
    }
    for (; x < width; x++) {
      const at = x << 1;
      const sum =
        <i32>load<u8>(upper + at) +
        <i32>load<u8>(upper + at, 1) +
        <i32>load<u8>(lower + at) +
        <i32>load<u8>(lower + at, 1);
      store<u8>(out + x, <u8>((sum + 2) >> 2));
    }
    out += outStride;
    source += 2 * sourceStride;
  }
}

/**
 * Turns pixels of 4 bytes into planes of limited range by BT.601 (ITU-R BT.601, in fixed point as in libyuv's ARGBToI420),
 * which is what the browser does with what it captures. `red` is where the red sample of a pixel is: 0 or 2.
 */
export function fromRgb(
  y: usize,
  u: usize,
  v: usize,
  pixels: usize,
  stride: i32,
  width: i32,
  height: i32,
  red: i32,
): void {
  const blue = 2 - red;
  const chromaWidth = (width + 1) >> 1;
  for (let row = 0; row < height; row += 2) {
    // The last row or column of an odd picture stands for the one that is missing, too.
    const below = row + 1 < height ? 1 : 0;
    for (let column = 0; column < width; column += 2) {
      const beside = column + 1 < width ? 1 : 0;
      let r = 0;
      let g = 0;
      let b = 0;
      for (let corner = 0; corner < 4; corner++) {
        const atRow = row + (corner >> 1) * below;
        const atColumn = column + (corner & 1) * beside;
        const at = pixels + atRow * stride + (atColumn << 2);
        const ofRed = <i32>load<u8>(at + red);
        const ofGreen = <i32>load<u8>(at + 1);
        const ofBlue = <i32>load<u8>(at + blue);
        store<u8>(
          y + atRow * width + atColumn,
          <u8>((66 * ofRed + 129 * ofGreen + 25 * ofBlue + (BLACK << 8) + 128) >> 8),
        );
        r += ofRed;
        g += ofGreen;
        b += ofBlue;
      }
      const at = (row >> 1) * chromaWidth + (column >> 1);
      store<u8>(u + at, <u8>((-38 * r - 74 * g + 112 * b + (128 << 10) + 512) >> 10));
      store<u8>(v + at, <u8>((112 * r - 94 * g - 18 * b + (128 << 10) + 512) >> 10));
    }
  }
}
