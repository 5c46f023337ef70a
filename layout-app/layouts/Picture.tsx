import type { ReactNode } from 'react';
import type { CallParticipant } from '../call/call.ts';
import { ParticipantTile } from '../tile/ParticipantTile.tsx';
import type { TileLook } from '../tile/tileLook.ts';
import { frameClasses, PLACE_CLASSES, TEST_IDS } from './classNames.ts';
import { placeVariables } from './placeVariables.ts';
import type { Direction } from './useDirection.ts';

interface Props {
  readonly direction: Direction;
  readonly participants: readonly CallParticipant[];
  readonly look: TileLook;
  readonly onPainted: (tileKey: string) => void;
}

/** Draws the tiles of any layout's arrangement. Every video keeps its element when the layout changes. */
export function Picture({ direction, participants, look, onPainted }: Props) {
  const { bar, tiles } = direction.arrangement;
  const byId = new Map(participants.map((one) => [one.id, one]));
  // Sorted by key, so that no element moves in the DOM: an element that moves blanks its video.
  const inDomOrder = tiles.toSorted((a, b) => (tileKey(a) < tileKey(b) ? -1 : 1));
  return (
    <Frame direction={direction}>
      {bar && (
        <div
          className="eca__bar str-video__speaker-layout__participants-bar-buttons-wrapper"
          style={placeVariables(bar)}
        >
          <div className="eca__bar-wrapper str-video__speaker-layout__participants-bar-wrapper">
            <div className="eca__bar-inside str-video__speaker-layout__participants-bar" />
          </div>
        </div>
      )}
      {inDomOrder.map((tile) => {
        const participant = byId.get(tile.participantId);
        const [outer, middle, inner, place] = PLACE_CLASSES[tile.role];
        return (
          participant && (
            <div key={tileKey(tile)} className={`eca__around ${outer}`}>
              <div className={`eca__around ${middle}`}>
                <div className={`eca__around ${inner}`}>
                  <div className={`eca__place ${place}`} style={placeVariables(tile.rectangle)}>
                    <ParticipantTile
                      participant={participant}
                      kind={tile.kind}
                      tileKey={tileKey(tile)}
                      look={look}
                      onPainted={onPainted}
                    />
                  </div>
                </div>
              </div>
            </div>
          )
        );
      })}
    </Frame>
  );
}

function Frame({ direction, children }: { readonly direction: Direction; readonly children: ReactNode }) {
  const { arrangement, layout } = direction;
  const [first, second, third, fourth] = frameClasses({
    layout: layout.name,
    tileCount: arrangement.tiles.length,
    isScreenShown: arrangement.tiles.some(({ kind }) => kind === 'screen'),
    expandsTiles: layout.options['layout.grid.expand_tiles'] === true,
    barPosition: String(layout.options['layout.spotlight.participants_bar_position']),
  });
  return (
    <div className={`eca__frame ${first}`} data-testid={TEST_IDS[layout.name]}>
      <div className={`eca__frame ${second}`}>
        <div className={`eca__frame ${third}`}>
          <div className={`eca__frame ${fourth}`} data-group-size={arrangement.tiles.length}>
            {children}
          </div>
        </div>
      </div>
    </div>
  );
}

/** The React key of a tile. A person's camera and the screen they share are two tiles. */
export function tileKey(tile: { readonly participantId: string; readonly kind: string }): string {
  return `${tile.participantId} ${tile.kind}`;
}
