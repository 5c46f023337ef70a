import isEqual from 'fast-deep-equal';
import { type RefObject, useCallback, useLayoutEffect, useState, useSyncExternalStore } from 'react';
import { PLAIN_BOXES, type ThemeBoxes } from '../layouts/themeBoxes.ts';
import { externalCssVersion } from './externalCss.ts';
import { readBoxes } from './readBoxes.ts';

/**
 * What the theme says about the boxes that hold tiles. They are measured each time a stylesheet comes or goes and each time
 * the picture gets another size. Whoever changes the boxes calls `measure`.
 */
export function useThemeBoxes(
  root: RefObject<HTMLElement | null>,
  picture: { width: number; height: number },
): { boxes: ThemeBoxes; measure: () => void } {
  const version = useSyncExternalStore(externalCssVersion.subscribe, externalCssVersion.getSnapshot);
  const [boxes, setBoxes] = useState(PLAIN_BOXES);
  const measure = useCallback(() => {
    if (!root.current) return;
    const now = readBoxes(root.current);
    setBoxes((before) => (isEqual(before, now) ? before : now));
  }, [root]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the boxes depend on the stylesheet and on the picture
  useLayoutEffect(measure, [measure, version, picture]);
  return { boxes, measure };
}
