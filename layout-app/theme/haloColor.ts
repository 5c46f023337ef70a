/** Red, green and blue, and opacity, each from 0 to 255. */
type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

export interface LetterLayer {
  readonly color: string;
  readonly backgroundColor: string;
  readonly backgroundImage: string;
}

const OPAQUE_ENOUGH = 128;

/**
 * The colour of the halo around letters. `layers` are the styles of the elements around the letters, from the
 * outermost inward. There is no halo if one of them has a background of its own. Otherwise dark letters get a light
 * halo and light letters get a dark one, so that people can read them over any video.
 */
export function haloColor(layers: readonly LetterLayer[]): string {
  const hasBackground = layers.some(
    ({ backgroundColor, backgroundImage }) =>
      backgroundImage !== 'none' || toRgba(backgroundColor)[3] >= OPAQUE_ENOUGH,
  );
  if (hasBackground) return 'transparent';
  const [red, green, blue] = toRgba(layers.at(-1)?.color ?? 'black');
  const lightness = (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
  return lightness < 0.5 ? 'rgb(255 255 255 / 90%)' : 'rgb(0 0 0 / 75%)';
}

const known = new Map<string, Rgba>();

/** The colour that the browser computes from a CSS colour. */
function toRgba(color: string): Rgba {
  const before = known.get(color);
  if (before) return before;
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  if (!context) return [0, 0, 0, 0];
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
  known.set(color, [red, green, blue, alpha]);
  return [red, green, blue, alpha];
}
