import type { CallParticipant } from '../call/call.ts';
import { ParticipantTile } from '../tile/ParticipantTile.tsx';
import type { TileLook } from '../tile/tileLook.ts';
import type { TileRole } from './arrangement.ts';
import { LAYOUTS } from './layouts.ts';

import { placeVariables } from './placeVariables.ts';
import type { Direction } from './useDirection.ts';

/** Class names of the place a tile is in. Tiles never move in the DOM, which would blank their video. */
const PLACE_CLASSES: Record<TileRole, string> = {
  grid: 'eca__place',
  stage: 'eca__place str-video__speaker-layout__spotlight',
  bar: 'eca__place str-video__speaker-layout__participants-bar str-video__speaker-layout__participant-tile',
  presenter: 'eca__place eca__presenter',
};

interface Props {
  readonly direction: Direction;
  readonly participants: readonly CallParticipant[];
  readonly look: TileLook;
  readonly onPainted: (tileKey: string) => void;
}

/** Draws the tiles of an arrangement, whichever layout made it: a change of layout keeps every video. */
export function Picture({ direction, participants, look, onPainted }: Props) {
  const { arrangement, layout } = direction;
  const byId = new Map(participants.map((one) => [one.id, one]));
  // In an order of their own, for the same reason.
  const tiles = arrangement.tiles.toSorted((a, b) => (tileKey(a) < tileKey(b) ? -1 : 1));
  return (
    <div className={LAYOUTS[layout.name].rootClass}>
      {arrangement.bar && (
        <div
          className="str-video__speaker-layout__participants-bar-wrapper"
          style={placeVariables(arrangement.bar)}
        />
      )}
      {tiles.map((tile) => {
        const participant = byId.get(tile.participantId);
        return (
          participant && (
            <div
              key={tileKey(tile)}
              className={PLACE_CLASSES[tile.role]}
              style={placeVariables(tile.rectangle)}
            >
              <ParticipantTile
                participant={participant}
                kind={tile.kind}
                tileKey={tileKey(tile)}
                look={look}
                onPainted={onPainted}
              />
            </div>
          )
        );
      })}
    </div>
  );
}

/** Names a tile: a person's camera and their screen are two. */
export function tileKey(tile: { readonly participantId: string; readonly kind: string }): string {
  return `${tile.participantId} ${tile.kind}`;
}
