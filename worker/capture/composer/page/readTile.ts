import type { Box, Tile } from '../tile.ts';

/** Where the video of an element lies in the page, as the browser draws it; null where it has no area or no frame. */
export function readTile(id: number, video: HTMLVideoElement): Tile | null {
  const { videoWidth, videoHeight } = video;
  const content = contentBox(video);
  if (videoWidth === 0 || videoHeight === 0 || content.width <= 0 || content.height <= 0) return null;
  const { objectFit, objectPosition } = getComputedStyle(video);
  const size = fittedSize(objectFit, content, videoWidth, videoHeight);
  const isMirrored = mirrors(video);
  const [across = 0.5, down = 0.5] = objectPosition.split(' ').map((part, axis) => {
    const room = axis === 0 ? content.width - size.width : content.height - size.height;
    return part.endsWith('%')
      ? Number.parseFloat(part) / 100
      : room === 0
        ? 0
        : Number.parseFloat(part) / room;
  });
  const left = (content.width - size.width) * (isMirrored ? 1 - across : across);
  const top = (content.height - size.height) * down;
  const box = snapped({ left: content.left + left, top: content.top + top, ...size });
  const clip = overlap(box, content);
  return clip.width > 0 && clip.height > 0 ? { id, box, clip, isMirrored } : null;
}

/** The box that the video is laid out in, in the pixels of the page. */
function contentBox(video: HTMLVideoElement): Box {
  const border = video.getBoundingClientRect();
  const style = getComputedStyle(video);
  const px = (name: string) => Number.parseFloat(style.getPropertyValue(name)) || 0;
  const inset = (side: string) => px(`border-${side}-width`) + px(`padding-${side}`);
  // An ancestor may scale the element.
  const scaleX = video.offsetWidth === 0 ? 1 : border.width / video.offsetWidth;
  const scaleY = video.offsetHeight === 0 ? 1 : border.height / video.offsetHeight;
  return {
    left: border.left + inset('left') * scaleX,
    top: border.top + inset('top') * scaleY,
    width: border.width - (inset('left') + inset('right')) * scaleX,
    height: border.height - (inset('top') + inset('bottom')) * scaleY,
  };
}

/** The size in which the whole frame is shown (CSS Images 3, 5.5). */
function fittedSize(fit: string, { width, height }: Box, videoWidth: number, videoHeight: number) {
  const [wide, high] = [width / videoWidth, height / videoHeight];
  const by = (scale: number) => ({ width: videoWidth * scale, height: videoHeight * scale });
  if (fit === 'cover') return by(Math.max(wide, high));
  if (fit === 'contain') return by(Math.min(wide, high));
  if (fit === 'none') return by(1);
  if (fit === 'scale-down') return by(Math.min(1, wide, high));
  return { width, height };
}

/**
 * Chromium rounds the size of a video first, and then draws it from whole pixels to whole pixels (blink,
 * PreSnappedRectForPersistentSizing and VideoPainter).
 */
function snapped({ left, top, width, height }: Box): Box {
  const [x, y] = [Math.round(left), Math.round(top)];
  return {
    left: x,
    top: y,
    width: Math.round(left + Math.round(width)) - x,
    height: Math.round(top + Math.round(height)) - y,
  };
}

function overlap(a: Box, b: Box): Box {
  const left = Math.max(a.left, b.left);
  const top = Math.max(a.top, b.top);
  return {
    left,
    top,
    width: Math.min(a.left + a.width, b.left + b.width) - left,
    height: Math.min(a.top + a.height, b.top + b.height) - top,
  };
}

/** Whether the transforms of the element and of those around it exchange left and right. */
function mirrors(video: HTMLVideoElement): boolean {
  let isMirrored = false;
  for (let element: Element | null = video; element; element = element.parentElement) {
    const { transform, scale } = getComputedStyle(element);
    if (transform !== 'none' && new DOMMatrixReadOnly(transform).a < 0) isMirrored = !isMirrored;
    if (scale !== 'none' && Number.parseFloat(scale) < 0) isMirrored = !isMirrored;
  }
  return isMirrored;
}
