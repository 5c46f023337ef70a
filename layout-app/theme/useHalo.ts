import { type RefObject, useLayoutEffect, useSyncExternalStore } from 'react';
import { externalCssVersion } from './externalCss.ts';
import { haloColor } from './haloColor.ts';

/**
 * Gives an element with letters the variable `--halo-color` that fits its colours. These colours may come from
 * options or from a theme.
 */
export function useHalo(element: RefObject<HTMLElement | null>): void {
  useSyncExternalStore(externalCssVersion.subscribe, externalCssVersion.getSnapshot);
  // Runs after each rendering, because a theme may colour people who speak or are muted differently.
  useLayoutEffect(() => {
    if (!element.current) return;
    const inside = element.current.querySelectorAll<HTMLElement>(':not(svg, svg *)');
    const layers = [element.current, ...inside].map((layer) => getComputedStyle(layer));
    element.current.style.setProperty('--halo-color', haloColor(layers));
  });
}
