/** A place in the picture, in whole pixels from its upper left corner. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A box that is placed like a tile and holds tiles. */
export interface PlacedBox {
  readonly outer: Rectangle;
  /** `outer` without the padding and the borders that a theme gives the box. */
  readonly inner: Rectangle;
}

/** The narrowest and the widest shape that a tile may have, each as width divided by height. */
export interface AspectRange {
  readonly least: number;
  readonly most: number;
}

const CLASSIC = 4 / 3;
const WIDE = 16 / 9;

/**
 * The shapes tiles may take in a picture: exactly `fixed` where given, else anything from 4:3 to 16:9, or as
 * far as the picture's own shape where that goes further (tall tiles in portrait).
 */
export function aspectRangeFor(
  picture: { width: number; height: number },
  fixed: number | null,
): AspectRange {
  if (fixed !== null) return { least: fixed, most: fixed };
  const own = picture.width / picture.height;
  return { least: Math.min(CLASSIC, own), most: Math.max(WIDE, own) };
}

/** The largest size inside a box whose shape is allowed. */
export function fitAspect(box: { width: number; height: number }, { least, most }: AspectRange) {
  return {
    width: Math.floor(Math.min(box.width, box.height * most)),
    height: Math.floor(Math.min(box.height, box.width / least)),
  };
}

/** The rectangle without a margin on every side. Its size is never negative. */
export function inset(area: Rectangle, marginX: number, marginY = marginX): Rectangle {
  return {
    left: area.left + marginX,
    top: area.top + marginY,
    width: Math.max(0, area.width - 2 * marginX),
    height: Math.max(0, area.height - 2 * marginY),
  };
}

/** A rectangle as seen from a point. */
export function seenFrom({ left, top }: { left: number; top: number }, rectangle: Rectangle): Rectangle {
  return { ...rectangle, left: rectangle.left - left, top: rectangle.top - top };
}
