/** How far off a hue may be: people's colours are at least 40 degrees apart, and compression moves them by a few. */
const TOLERANCE_DEG = 12;
/** A colour counts as strong if its channels differ by at least this much, of 255. */
const STRONG = 100;

/** For each hue, the share of the pixels (RGB, one byte each) that is a strong colour of about this hue. */
export function sharesOfHues(pixels: Buffer, huesDeg: readonly number[]): number[] {
  const counts = huesDeg.map(() => 0);
  for (let at = 0; at < pixels.length; at += 3) {
    const hue = strongHueDeg(pixels[at] as number, pixels[at + 1] as number, pixels[at + 2] as number);
    if (hue === null) continue;
    const index = huesDeg.findIndex((wanted) => distanceDeg(wanted, hue) <= TOLERANCE_DEG);
    if (index >= 0) counts[index] = Number(counts[index]) + 1;
  }
  return counts.map((count) => count / (pixels.length / 3));
}

function strongHueDeg(red: number, green: number, blue: number): number | null {
  const most = Math.max(red, green, blue);
  const range = most - Math.min(red, green, blue);
  if (range < STRONG) return null;
  if (most === red) return (60 * (green - blue)) / range;
  return most === green ? 120 + (60 * (blue - red)) / range : 240 + (60 * (red - green)) / range;
}

function distanceDeg(a: number, b: number): number {
  const apart = Math.abs(a - b) % 360;
  return Math.min(apart, 360 - apart);
}
