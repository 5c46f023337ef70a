/** Red, green and blue from 0 to 255, and opacity from 0 to 255. */
export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

const OPAQUE_ENOUGH = 128;

/**
 * The colour around a label's letters: none where the label has a background of its own; else light around
 * dark letters and dark around light ones, so that they can be read over any video.
 */
export function haloColor(text: Rgba, background: Rgba): string {
  if (background[3] >= OPAQUE_ENOUGH) return 'transparent';
  const [red, green, blue] = text;
  const lightness = (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
  return lightness < 0.5 ? 'rgb(255 255 255 / 90%)' : 'rgb(0 0 0 / 75%)';
}

/** What the browser makes of a CSS colour. */
export function toRgba(color: string): Rgba {
  const context = new OffscreenCanvas(1, 1).getContext('2d', {
    willReadFrequently: true,
  });
  if (!context) return [0, 0, 0, 0];
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha];
}
