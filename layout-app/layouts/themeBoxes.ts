import { fitAspect, type PlacedBox, type Rectangle } from './rectangle.ts';

/** What a theme says about one box that holds tiles. Lengths are in pixels. */
export interface BoxStyle {
  /** Padding and border together. */
  readonly padding: {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  };
  /** Space between columns and between rows; null if the theme does not say. */
  readonly columnGap: number | null;
  readonly rowGap: number | null;
  readonly maxWidth: number;
  readonly maxHeight: number;
  /** Width divided by height; null if the theme does not say. */
  readonly aspect: number | null;
  /** How tiles share what is left of a row, and rows what is left of the height. */
  readonly justify: Distribution;
  readonly align: Distribution;
  /** The shape of the tiles in the box, as width divided by height; null if the theme does not say. */
  readonly tileAspect: number | null;
}

export type Distribution = 'start' | 'center' | 'end' | 'space-between' | 'space-around' | 'space-evenly';

/** What a theme says about all boxes that hold tiles. */
export interface ThemeBoxes {
  /** Inner size of the box around all tiles; null until it has been measured. */
  readonly room: { readonly width: number; readonly height: number } | null;
  /** The box around all tiles. The browser applies its padding and its sizes; they are not repeated here. */
  readonly main: BoxStyle;
  readonly stage: BoxStyle;
  readonly bar: BoxStyle;
}

export const PLAIN_BOX: BoxStyle = {
  padding: { left: 0, top: 0, right: 0, bottom: 0 },
  columnGap: null,
  rowGap: null,
  maxWidth: Infinity,
  maxHeight: Infinity,
  aspect: null,
  justify: 'center',
  align: 'center',
  tileAspect: null,
};

/** Without a theme. */
export const PLAIN_BOXES: ThemeBoxes = { room: null, main: PLAIN_BOX, stage: PLAIN_BOX, bar: PLAIN_BOX };

/** Boxes become no smaller than this, whatever the theme says. */
const LEAST_PX = 16;

/** A box in the middle of a place, as large as the place and the theme allow. */
export function placeBox(place: Rectangle, style: BoxStyle): PlacedBox {
  const most = {
    width: Math.min(place.width, Math.max(LEAST_PX, style.maxWidth)),
    height: Math.min(place.height, Math.max(LEAST_PX, style.maxHeight)),
  };
  const size = style.aspect === null ? most : fitAspect(most, { least: style.aspect, most: style.aspect });
  const outer = {
    left: place.left + Math.floor((place.width - size.width) / 2),
    top: place.top + Math.floor((place.height - size.height) / 2),
    ...size,
  };
  const { left, top, right, bottom } = style.padding;
  const hasRoom = outer.width - left - right >= LEAST_PX && outer.height - top - bottom >= LEAST_PX;
  if (!hasRoom) return { outer, inner: outer };
  const inner = {
    left: outer.left + left,
    top: outer.top + top,
    width: outer.width - left - right,
    height: outer.height - top - bottom,
  };
  return { outer, inner };
}

/** Where the first of several things begins, and how much more space is between two of them, if `free` pixels are left. */
export function distribute(
  free: number,
  count: number,
  how: Distribution,
): { first: number; between: number } {
  switch (how) {
    case 'start':
      return { first: 0, between: 0 };
    case 'end':
      return { first: free, between: 0 };
    case 'center':
      return { first: Math.floor(free / 2), between: 0 };
    case 'space-between':
      return { first: 0, between: count > 1 ? Math.floor(free / (count - 1)) : 0 };
    case 'space-around':
      return { first: Math.floor(free / count / 2), between: Math.floor(free / count) };
    case 'space-evenly':
      return { first: Math.floor(free / (count + 1)), between: Math.floor(free / (count + 1)) };
  }
}
