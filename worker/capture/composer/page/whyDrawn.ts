import type { Box, Tile } from '../tile.ts';

/** What moves by itself without a change of the document, and what may show a video that nobody has handed over. */
const LIVE = new Set(['CANVAS', 'IFRAME', 'OBJECT', 'EMBED', 'VIDEO']);
/** Tiles that touch may share a row of pixels. */
const SHARED_PX = 1.5;

/**
 * Why the browser has to draw the videos itself, because what lies over them is not a share of the video and a share of something
 * else in each pixel; null where they may go into the picture as they were decoded.
 */
export function whyDrawn(videos: ReadonlySet<Element>, tiles: readonly Tile[]): string | null {
  for (const video of videos) {
    const reason = reasonAbove(video);
    if (reason) return reason;
  }
  for (const [index, tile] of tiles.entries())
    if (tiles.slice(index + 1).some((other) => cover(tile.clip, other.clip)))
      return 'a video lies over another one';
  for (const element of document.body.querySelectorAll('*')) {
    if (LIVE.has(element.tagName) && !videos.has(element) && isVisible(element))
      return `there is a ${element.tagName.toLowerCase()} whose content may move`;
    const { mixBlendMode, backdropFilter } = getComputedStyle(element);
    if (mixBlendMode !== 'normal') return `mix-blend-mode is ${mixBlendMode}`;
    if (backdropFilter !== 'none') return `backdrop-filter is ${backdropFilter}`;
  }
  return null;
}

/** What a video or one of the elements around it does to the video's pixels. */
function reasonAbove(video: Element): string | null {
  for (let element: Element | null = video; element; element = element.parentElement) {
    const { filter, transform, rotate, mixBlendMode } = getComputedStyle(element);
    if (filter !== 'none') return `filter is ${filter}`;
    if (mixBlendMode !== 'normal') return `mix-blend-mode is ${mixBlendMode}`;
    if (rotate !== 'none') return `rotate is ${rotate}`;
    if (transform === 'none') continue;
    const { is2D, b, c } = new DOMMatrixReadOnly(transform);
    if (!is2D || b !== 0 || c !== 0) return `transform is ${transform}`;
  }
  return null;
}

function isVisible(element: Element): boolean {
  const { width, height } = element.getBoundingClientRect();
  return (
    width > 0 && height > 0 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  );
}

function cover(a: Box, b: Box): boolean {
  const across = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const down = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return across > SHARED_PX && down > SHARED_PX;
}
