import type { CallParticipant } from '../call/call.ts';
import { type Layout, type LayoutView, NOTHING_SHOWN } from './arrangement.ts';
import { expandedGrid } from './expandedGrid.ts';
import { type GridRequest, gridShape } from './gridShape.ts';
import { lengthPx } from './lengthPx.ts';
import { marginAround } from './marginAround.ts';
import { inset, type Rectangle } from './rectangle.ts';
import { PLAIN_BOX, placeBox } from './themeBoxes.ts';
import { fixedAspect, tileAspect } from './tileAspect.ts';

/** Shows equal tiles for everybody on the page. A shared screen is one more tile, before the others. */
export const grid: Layout = {
  hasStage: false,
  pageSize: gridPageSize,
  arrange(view) {
    const { people } = view;
    const page = people.slice(0, gridPageSize(view));
    const shown = [...people.filter(isSharingScreen).map(screenOf), ...page.map(cameraOf)];
    const { tiles } = gridShape(gridRequest(view, shown.length));
    return {
      ...NOTHING_SHOWN,
      tiles: shown.map((tile, at) => ({
        ...tile,
        role: 'grid',
        rectangle: tiles[at] as Rectangle,
      })),
    };
  },
};

function gridRequest(view: LayoutView, count: number): GridRequest {
  const { options, given, picture } = view;
  const { main } = view.boxes;
  const gap = lengthPx(options['layout.grid.gap'], picture);
  const request: GridRequest = {
    count,
    area: gridArea(view),
    columnGap: main.columnGap ?? gap,
    rowGap: main.rowGap ?? gap,
    aspect: tileAspect(view, main.tileAspect),
    mostColumns: limitOf(given['grid.columns']),
    mostRows: limitOf(given['grid.rows']),
    justify: main.justify,
    align: main.align,
  };
  if (options['layout.grid.expand_tiles'] !== true) return request;
  return expandedGrid(request, picture, marginAround(view), main.tileAspect ?? fixedAspect(view));
}

/** The given `page_size`, or else rows times columns. If the job gave rows and columns, they are the upper limit. */
function gridPageSize({ options, given }: Pick<LayoutView, 'options' | 'given'>): number {
  const places = Number(options['grid.rows']) * Number(options['grid.columns']);
  if (given['layout.grid.page_size'] === undefined) return places;
  const hold = limitOf(given['grid.rows']) * limitOf(given['grid.columns']);
  return Math.min(Number(options['layout.grid.page_size']), hold);
}

/** The middle of the picture: `layout.size_percentage` of what `grid.margin` leaves of it. */
function gridArea(view: LayoutView): Rectangle {
  const { boxes, given, options, picture, isThemed } = view;
  const inside = inset({ left: 0, top: 0, ...picture }, marginAround(view));
  const isWhole = isThemed && given['layout.size_percentage'] === undefined;
  const free = isWhole ? 0 : (100 - Number(options['layout.size_percentage'])) / 200;
  const area = inset(inside, Math.round(inside.width * free), Math.round(inside.height * free));
  return placeBox(area, { ...PLAIN_BOX, aspect: boxes.main.aspect }).outer;
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
