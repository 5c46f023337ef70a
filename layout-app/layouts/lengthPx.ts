import { lengthInPixels } from '../../shared/layout/lengthInPixels.ts';

const ROOT_FONT_PX = 16;

interface Picture {
  readonly width: number;
  readonly height: number;
}

/** A CSS length that the option table allows, in whole pixels. Percentages refer to `of`, in pixels. `auto` is 0. */
export function lengthPx(length: unknown, picture: Picture, of = picture.width): number {
  return Math.round(lengthInPixels(String(length), (unit) => pxPerUnit(unit, picture, of)) ?? 0);
}

function pxPerUnit(unit: string, { width, height }: Picture, of: number): number | null {
  switch (unit) {
    case 'rem':
    case 'em':
      return ROOT_FONT_PX;
    case 'ch':
    case 'ex':
      return ROOT_FONT_PX / 2;
    case '%':
      return of / 100;
    case 'vmin':
      return Math.min(width, height) / 100;
    case 'vmax':
      return Math.max(width, height) / 100;
    default:
      return viewportPx(unit, width, height);
  }
}

/** The picture is the whole viewport, whether that is meant as it is, as small or as large as it gets. */
function viewportPx(unit: string, width: number, height: number): number | null {
  if (/^[dsl]?vw$|^vi$/.test(unit)) return width / 100;
  return /^[dsl]?vh$|^vb$/.test(unit) ? height / 100 : null;
}
