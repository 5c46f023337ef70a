import type { CSSProperties } from 'react';
import type { Rectangle } from './rectangle.ts';

/** A rectangle as CSS variables. layouts.css uses them to place an element. */
export function placeVariables({ left, top, width, height }: Rectangle): CSSProperties {
  return {
    '--place-left': `${left}px`,
    '--place-top': `${top}px`,
    '--place-width': `${width}px`,
    '--place-height': `${height}px`,
  } as CSSProperties;
}
