import type { LayoutView } from './arrangement.ts';
import { type AspectRange, aspectRangeFor } from './rectangle.ts';

/** `participant.aspect_ratio` as width divided by height; null if tiles may have any shape. */
export function fixedAspect({ options }: Pick<LayoutView, 'options'>): number | null {
  const given = options['participant.aspect_ratio'];
  if (typeof given !== 'string') return null;
  const [width, height] = given.split('/').map(Number);
  return width && height ? width / height : null;
}

/** The shapes that the tiles of a view may take. */
export function tileAspect(view: LayoutView): AspectRange {
  return aspectRangeFor(view.picture, fixedAspect(view));
}
