import type { ResolvedLayoutOptions } from '../../shared/layout/resolveLayoutOptions.ts';

/** The part of the look of tiles that CSS variables cannot carry. */
export interface TileLook {
  readonly hasLabel: boolean;
  readonly labelHorizontal: string;
  readonly labelVertical: string;
  readonly isMirrored: boolean;
}

/** The look that resolved options ask for. */
export function tileLook(options: ResolvedLayoutOptions): TileLook {
  return {
    hasLabel: options['participant_label.display'] === true,
    labelHorizontal: String(options['participant_label.horizontal_position']),
    labelVertical: String(options['participant_label.vertical_position']),
    isMirrored: options['layout.forceMirrorParticipants'] === true,
  };
}
