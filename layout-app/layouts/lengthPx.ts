const ROOT_FONT_PX = 16;

interface Picture {
  readonly width: number;
  readonly height: number;
}

/** A CSS length that the option table allows, in whole pixels. Percentages refer to `of`, in pixels. `auto` is 0. */
export function lengthPx(length: unknown, picture: Picture, of = picture.width): number {
  const match = /^(-?[\d.]+)([a-z%]*)$/.exec(String(length));
  if (!match) return 0;
  return Math.round(Number(match[1]) * pxPerUnit(match[2] as string, picture, of));
}

function pxPerUnit(unit: string, { width, height }: Picture, of: number): number {
  switch (unit) {
    case 'rem':
    case 'em':
      return ROOT_FONT_PX;
    case 'ch':
      return ROOT_FONT_PX / 2;
    case 'pt':
      return 4 / 3;
    case '%':
      return of / 100;
    case 'vw':
      return width / 100;
    case 'vh':
      return height / 100;
    case 'vmin':
      return Math.min(width, height) / 100;
    case 'vmax':
      return Math.max(width, height) / 100;
    default:
      return 1;
  }
}
