import type { GivenOptions } from '../../shared/layout/parseLayoutOptions.ts';
import type { ResolvedLayoutOptions } from '../../shared/layout/resolveLayoutOptions.ts';
import type { CallParticipant } from '../call/call.ts';
import type { PlacedBox, Rectangle } from './rectangle.ts';
import type { Edge } from './spotlightShape.ts';
import type { ThemeBoxes } from './themeBoxes.ts';

/** What a layout arranges. */
export interface LayoutView {
  /** Size in pixels of the room for tiles: the whole picture, unless a theme makes the box around the tiles smaller. */
  readonly picture: { readonly width: number; readonly height: number };
  /** Whether a theme does. Default values of options that leave space around the tiles then do not apply. */
  readonly isThemed: boolean;
  readonly options: ResolvedLayoutOptions;
  /** The options as the job gave them: they tell whether a default value was given or filled in. */
  readonly given: GivenOptions;
  /** What the theme says about the boxes that hold tiles. */
  readonly boxes: ThemeBoxes;
  /** Everybody who may be shown, beginning with those on the current page. */
  readonly people: readonly CallParticipant[];
  /** The participant on stage; null in an empty call. */
  readonly stage: CallParticipant | null;
  /** Milliseconds since the page began to show the call. */
  readonly elapsedMs: number;
}

export type TileRole = 'grid' | 'single' | 'presenter' | 'stage' | 'bar';

export interface PlacedTile {
  readonly participantId: string;
  readonly kind: 'camera' | 'screen';
  readonly role: TileRole;
  /** In pixels from the upper left corner of the room for tiles. */
  readonly rectangle: Rectangle;
}

export interface Arrangement {
  /** In the order of the picture, which is also the order of the elements. */
  readonly tiles: readonly PlacedTile[];
  /** The boxes of spotlight and sidebar around the large tile and around the others. */
  readonly stage: PlacedBox | null;
  readonly bar: PlacedBox | null;
  /** The side of the bar, whether or not anybody is in it; null in layouts without one. */
  readonly barEdge: Edge | null;
}

export const NOTHING_SHOWN: Arrangement = { tiles: [], stage: null, bar: null, barEdge: null };

/** A layout is pure functions: they take the participants and return the place of each tile. CSS draws the tiles. */
export interface Layout {
  /** Whether one person is on stage and the others are beside them, so that those two change places. */
  readonly hasStage: boolean;
  /** How many people fit on a page. */
  pageSize(view: Pick<LayoutView, 'options' | 'given'>): number;
  arrange(view: LayoutView): Arrangement;
}
