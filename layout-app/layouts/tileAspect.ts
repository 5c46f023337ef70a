import type { LayoutView } from './arrangement.ts';
import { type AspectRange, aspectRangeFor } from './rectangle.ts';

/** `participant.aspect_ratio` as width divided by height; null if tiles may have any shape. */
export function fixedAspect({ options }: Pick<LayoutView, 'options'>): number | null {
  const given = options['participant.aspect_ratio'];
  if (typeof given !== 'string') return null;
  const [width, height] = given.split('/').map(Number);
  return width && height ? width / height : null;
}

/**
 * The shapes that tiles may take. `themed` is the `aspect-ratio` that a theme gives them, as width divided by height;
 * it wins over the option.
 */
export function tileAspect(view: LayoutView, themed: number | null): AspectRange {
  return aspectRangeFor(view.picture, themed ?? fixedAspect(view));
}
