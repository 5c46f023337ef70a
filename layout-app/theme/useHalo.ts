import { type RefObject, useLayoutEffect, useSyncExternalStore } from 'react';
import { externalCssVersion } from './externalCss.ts';
import { haloColor } from './haloColor.ts';

/**
 * Gives an element with letters the variable `--halo-color` that fits the colours it has, whether options or a
 * theme gave it them.
 */
export function useHalo(element: RefObject<HTMLElement | null>): void {
  useSyncExternalStore(externalCssVersion.subscribe, externalCssVersion.getSnapshot);
  // After each drawing: a theme may colour somebody who speaks or is muted differently.
  useLayoutEffect(() => {
    if (!element.current) return;
    const inside = element.current.querySelectorAll<HTMLElement>(':not(svg, svg *)');
    const layers = [element.current, ...inside].map((layer) => getComputedStyle(layer));
    element.current.style.setProperty('--halo-color', haloColor(layers));
  });
}
