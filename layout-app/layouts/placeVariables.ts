import type { CSSProperties } from 'react';
import type { Rectangle } from './rectangle.ts';

/** A rectangle as the CSS variables that layouts.css places an element by. */
export function placeVariables({ left, top, width, height }: Rectangle): CSSProperties {
  return {
    '--place-left': `${left}px`,
    '--place-top': `${top}px`,
    '--place-width': `${width}px`,
    '--place-height': `${height}px`,
  } as CSSProperties;
}
