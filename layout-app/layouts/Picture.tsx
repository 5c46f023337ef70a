import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import type { CallParticipant } from '../call/call.ts';
import { ParticipantTile } from '../tile/ParticipantTile.tsx';
import type { TileLook } from '../tile/tileLook.ts';
import { buildStructure } from './buildStructure.ts';
import { structureOf, TEST_IDS } from './structure.ts';
import { tileKey } from './tileKey.ts';
import type { Direction } from './useDirection.ts';

interface Props {
  readonly direction: Direction;
  readonly participants: readonly CallParticipant[];
  readonly look: TileLook;
  readonly onPainted: (tileKey: string) => void;
  /** Called when the boxes around the tiles may have changed. */
  readonly onBuilt: () => void;
}

/**
 * Draws the tiles of any layout's arrangement. Each tile has an element of its own, which React fills. It stays the same
 * wherever the tile goes, so that its video plays on.
 */
export function Picture({ direction, participants, look, onPainted, onBuilt }: Props) {
  const { arrangement, layout } = direction;
  const root = useRef<HTMLDivElement>(null);
  const [elements, setElements] = useState<ReadonlyMap<string, HTMLElement>>(new Map());
  const structure = useMemo(
    () =>
      structureOf({
        layout: layout.name,
        arrangement,
        expandsTiles: layout.options['layout.grid.expand_tiles'] === true,
      }),
    [layout, arrangement],
  );
  useLayoutEffect(() => {
    const wanted = withElements(arrangement.tiles.map(tileKey), elements);
    if (root.current) buildStructure(root.current, structure, wanted);
    // The tiles are filled once they are in the document, because they look at their computed styles.
    setElements(wanted);
    onBuilt();
  }, [structure, arrangement, elements, onBuilt]);
  const byId = new Map(participants.map((one) => [one.id, one]));
  return (
    <>
      <div ref={root} className={structure.classes} data-testid={TEST_IDS[layout.name]} />
      {arrangement.tiles.map((tile) => {
        const key = tileKey(tile);
        const element = elements.get(key);
        const participant = byId.get(tile.participantId);
        if (!element || !participant) return null;
        const { kind } = tile;
        const props = { element, participant, kind, tileKey: key, look, onPainted };
        return createPortal(<ParticipantTile {...props} />, element, key);
      })}
    </>
  );
}

/** An element for each key: the one it had, or a new one. The same map, if nothing changes. */
function withElements(
  keys: readonly string[],
  before: ReadonlyMap<string, HTMLElement>,
): ReadonlyMap<string, HTMLElement> {
  if (keys.length === before.size && keys.every((key) => before.has(key))) return before;
  return new Map(keys.map((key) => [key, before.get(key) ?? newTile()]));
}

function newTile(): HTMLElement {
  const element = document.createElement('div');
  element.className = 'str-video__participant-view';
  return element;
}
