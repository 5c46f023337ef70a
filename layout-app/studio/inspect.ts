import { THEME_CLASSES } from '../../shared/layout/themeClasses.ts';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The boxes of all elements with a class, in pixels of the picture. */
export function boxesOf(picture: Document | null, className: string | null): Box[] {
  if (!picture || className === null) return [];
  return [...picture.getElementsByClassName(className)]
    .map(boxOf)
    .filter(({ width, height }) => width * height > 0);
}

/**
 * The class of the smallest box at a point. If several classes have this box, the last one of the table wins, because
 * it is the most specific.
 */
export function classAt(picture: Document | null, at: { left: number; top: number }): string | null {
  let best: { name: string; area: number } | null = null;
  for (const { name } of THEME_CLASSES)
    for (const box of boxesOf(picture, name)) {
      const isHit =
        at.left >= box.left &&
        at.left < box.left + box.width &&
        at.top >= box.top &&
        at.top < box.top + box.height;
      const area = box.width * box.height;
      if (isHit && (best === null || area <= best.area)) best = { name, area };
    }
  return best?.name ?? null;
}

function boxOf(element: Element): Box {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { left, top, width, height };
}
