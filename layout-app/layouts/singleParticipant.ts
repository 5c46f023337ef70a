import type { CallParticipant } from '../call/call.ts';
import { type Layout, type LayoutView, NOTHING_SHOWN, type PlacedTile } from './arrangement.ts';
import { lengthPx } from './lengthPx.ts';
import { priorityOf } from './priority.ts';
import { fitAspect, inset, type Rectangle } from './rectangle.ts';
import { fixedAspect } from './tileAspect.ts';

/** The presenter beside the shared screen: as in the linked layout app, in pixels. */
const PRESENTER_WIDTH_PX = 240;
const PRESENTER_MARGIN_PX = 10;
const PRESENTER_ASPECT = 4 / 3;
/** In a narrow picture the presenter takes no more than this share of the width. */
const MOST_PRESENTER_SHARE = 0.4;

/** Shows one person in the whole picture, or the screen they share, with the person in a corner. */
export const singleParticipant: Layout = {
  hasStage: false,
  pageSize: () => 1,
  arrange(view) {
    const shown = isShuffling(view) ? shuffled(view) : view.stage;
    if (!shown) return NOTHING_SHOWN;
    const kind = shown.hasScreenShare ? 'screen' : 'camera';
    const area = tileArea(view, kind === 'camera' ? fixedAspect(view) : null);
    const main: PlacedTile = {
      participantId: shown.id,
      kind,
      role: 'single',
      rectangle: area,
    };
    const hasPresenter =
      kind === 'screen' && view.options['layout.single-participant.presenter_visible'] === true;
    return {
      ...NOTHING_SHOWN,
      tiles: hasPresenter ? [main, presenter(shown, view)] : [main],
    };
  },
};

function tileArea({ options, picture }: LayoutView, aspect: number | null): Rectangle {
  const paddingX = lengthPx(options['layout.single-participant.padding_inline'], picture);
  const paddingY = lengthPx(options['layout.single-participant.padding_block'], picture);
  const area = inset({ left: 0, top: 0, ...picture }, paddingX, paddingY);
  if (aspect === null) return area;
  const { width, height } = fitAspect(area, { least: aspect, most: aspect });
  return inset(area, Math.floor((area.width - width) / 2), Math.floor((area.height - height) / 2));
}

function presenter({ id }: CallParticipant, view: LayoutView): PlacedTile {
  const width = Math.round(Math.min(PRESENTER_WIDTH_PX, view.picture.width * MOST_PRESENTER_SHARE));
  return {
    participantId: id,
    kind: 'camera',
    role: 'presenter',
    rectangle: {
      left: view.picture.width - width - PRESENTER_MARGIN_PX,
      top: PRESENTER_MARGIN_PX,
      width,
      height: Math.round(width / (fixedAspect(view) ?? PRESENTER_ASPECT)),
    },
  };
}

/** Shuffling pauses for a shared screen, and for a pinned participant unless speakers come before them. */
function isShuffling({ options, stage }: LayoutView): boolean {
  const isHeld = stage?.hasScreenShare || (stage?.isPinned && priorityOf(options) !== 'speaker');
  return options['layout.single-participant.mode'] === 'shuffle' && !isHeld;
}

/** Shows one person after another, in the order of the call: only people with video, if there are any. */
function shuffled({ options, people, elapsedMs }: LayoutView): CallParticipant | null {
  const withVideo = people.filter((person) => person.hasVideo);
  const shown = withVideo.length > 0 ? withVideo : people;
  const turn = Math.floor(elapsedMs / Number(options['layout.single-participant.shuffle_delay']));
  return shown[turn % Math.max(1, shown.length)] ?? null;
}
