import isEqual from 'fast-deep-equal';
import { type RefObject, useLayoutEffect, useState, useSyncExternalStore } from 'react';
import type { GivenOptions } from '../../shared/layout/parseLayoutOptions.ts';
import { externalCssVersion, themeChanged } from './externalCss.ts';

/** What a theme says that CSS alone cannot bring to where it belongs. */
export interface ThemeDefaults {
  /** Values for options of which the places of the tiles are computed. An option that the job gives wins over them. */
  readonly options: GivenOptions;
  /** Whether the theme gave the root element a text colour. */
  readonly hasOwnColor: boolean;
}

const NOTHING: ThemeDefaults = { options: {}, hasOwnColor: false };

/** The text colour that base.css gives to the root element. No theme spells black like this. */
const OUR_COLOR = 'color(srgb 0 0 0)';

/**
 * Reads from the computed style of the picture what a theme says, each time an external stylesheet is added or removed
 * and each time the layout changes, because the class names of the layout change too.
 */
export function useThemeDefaults(root: RefObject<HTMLElement | null>, layout: string): ThemeDefaults {
  const version = useSyncExternalStore(externalCssVersion.subscribe, externalCssVersion.getSnapshot);
  const [defaults, setDefaults] = useState(NOTHING);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the style depends on the stylesheet and on the layout
  useLayoutEffect(() => {
    if (!root.current) return;
    const now = readDefaults(root.current);
    setDefaults((before) => (isEqual(before, now) ? before : now));
  }, [root, version, layout]);
  // Letters have chosen their halo before this was known, so they must choose again.
  useLayoutEffect(() => {
    if (defaults !== NOTHING) themeChanged();
  }, [defaults]);
  return defaults;
}

function readDefaults(root: HTMLElement): ThemeDefaults {
  const gap = lengthOf(root.querySelector('.eca__room'), '--theme-gap');
  const margin = lengthOf(root, '--theme-margin');
  return {
    options: {
      ...(gap === null ? {} : { 'layout.grid.gap': gap }),
      ...(margin === null ? {} : { 'grid.margin': margin }),
    },
    hasOwnColor: getComputedStyle(root).color !== OUR_COLOR,
  };
}

/** A registered variable as the browser computes it: a length in pixels or a percentage, or null if no theme sets it. */
function lengthOf(element: Element | null, variable: string): string | null {
  const value = element ? getComputedStyle(element).getPropertyValue(variable) : '';
  return /^[\d.]+(px|%)$/.test(value) ? value : null;
}
