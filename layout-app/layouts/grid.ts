import type { CallParticipant } from '../call/call.ts';
import type { Layout, LayoutView } from './arrangement.ts';
import { gridShape } from './gridShape.ts';
import { lengthPx } from './lengthPx.ts';
import { inset, type Rectangle } from './rectangle.ts';
import { tileAspect } from './tileAspect.ts';

/** Shows equal tiles for everybody on the page. A shared screen is one more tile, before the others. */
export const grid: Layout = {
  pageSize: gridPageSize,
  arrange(view) {
    const { options, given, people, picture } = view;
    const page = people.slice(0, gridPageSize(view));
    const shown = [...people.filter(isSharingScreen).map(screenOf), ...page.map(cameraOf)];
    const { tiles } = gridShape({
      count: shown.length,
      area: gridArea(view),
      gap: lengthPx(options['layout.grid.gap'], picture),
      aspect: tileAspect(view),
      mostColumns: limitOf(given['grid.columns']),
      mostRows: limitOf(given['grid.rows']),
      expandsLastRow: options['layout.grid.expand_tiles'] === true,
    });
    return {
      bar: null,
      tiles: shown.map((tile, at) => ({
        ...tile,
        role: 'grid',
        rectangle: tiles[at] as Rectangle,
      })),
    };
  },
};

/** The given `page_size`, or else rows times columns. If the job gave rows and columns, they are the upper limit. */
function gridPageSize({ options, given }: Pick<LayoutView, 'options' | 'given'>): number {
  const places = Number(options['grid.rows']) * Number(options['grid.columns']);
  if (given['layout.grid.page_size'] === undefined) return places;
  const hold = limitOf(given['grid.rows']) * limitOf(given['grid.columns']);
  return Math.min(Number(options['layout.grid.page_size']), hold);
}

/** The middle of the picture: `layout.size_percentage` of what `grid.margin` leaves of it. */
function gridArea({ options, picture }: LayoutView): Rectangle {
  const margin = lengthPx(options['grid.margin'], picture);
  const inside = inset({ left: 0, top: 0, ...picture }, margin);
  const free = (100 - Number(options['layout.size_percentage'])) / 200;
  return inset(inside, Math.round(inside.width * free), Math.round(inside.height * free));
}

function limitOf(given: unknown): number {
  return given === undefined ? Infinity : Number(given);
}

function isSharingScreen(person: CallParticipant): boolean {
  return person.hasScreenShare;
}

function screenOf({ id }: CallParticipant) {
  return { participantId: id, kind: 'screen' } as const;
}

function cameraOf({ id }: CallParticipant) {
  return { participantId: id, kind: 'camera' } as const;
}
