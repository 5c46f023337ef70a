import type { LayoutView } from './arrangement.ts';
import { lengthPx } from './lengthPx.ts';

/** `grid.margin` in pixels. Its default value yields to the space that a theme leaves around the tiles. */
export function marginAround({ given, options, picture, isThemed }: LayoutView): number {
  return isThemed && given['grid.margin'] === undefined ? 0 : lengthPx(options['grid.margin'], picture);
}
