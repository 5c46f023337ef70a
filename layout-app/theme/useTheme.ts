import { type CSSProperties, useMemo } from 'react';
import type { ResolvedLayoutOptions } from '../../shared/resolveLayoutOptions.ts';
import { haloColor, type Rgba, toRgba } from './haloColor.ts';
import { optionVariables } from './optionVariables.ts';

const NO_BACKGROUND: Rgba = [0, 0, 0, 0];

/** The options as a style for the root element, from which the stylesheets take them. */
export function useTheme(options: ResolvedLayoutOptions): CSSProperties {
  return useMemo(() => {
    const halo = haloColor(
      toRgba(String(options['participant_label.text_color'])),
      toRgba(String(options['participant_label.background_color'])),
    );
    return {
      ...optionVariables(options),
      '--participant-label-halo-color': halo,
      '--title-halo-color': haloColor(toRgba(String(options['title.color'])), NO_BACKGROUND),
    } as CSSProperties;
  }, [options]);
}
