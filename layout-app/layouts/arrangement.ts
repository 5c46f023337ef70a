import type { GivenOptions } from '../../shared/layout/parseLayoutOptions.ts';
import type { ResolvedLayoutOptions } from '../../shared/layout/resolveLayoutOptions.ts';
import type { CallParticipant } from '../call/call.ts';
import type { Rectangle } from './rectangle.ts';

/** What a layout arranges. */
export interface LayoutView {
  /** Size of the picture in pixels. */
  readonly picture: { readonly width: number; readonly height: number };
  readonly options: ResolvedLayoutOptions;
  /** The options as the job gave them: they tell whether a default value was given or filled in. */
  readonly given: GivenOptions;
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
  readonly rectangle: Rectangle;
}

export interface Arrangement {
  readonly tiles: readonly PlacedTile[];
  /** The rectangle of the spotlight's bar, which themes can colour. */
  readonly bar: Rectangle | null;
}

/** A layout is pure functions: they take the participants and return the place of each tile. CSS draws the tiles. */
export interface Layout {
  /** How many people fit on a page. */
  pageSize(view: Pick<LayoutView, 'options' | 'given'>): number;
  arrange(view: LayoutView): Arrangement;
}
