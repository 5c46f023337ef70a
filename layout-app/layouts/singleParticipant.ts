import type { CallParticipant } from '../call/call.ts';
import type { Layout, LayoutView, PlacedTile } from './arrangement.ts';
import { lengthPx } from './lengthPx.ts';
import { fitAspect, inset, type Rectangle } from './rectangle.ts';
import { fixedAspect } from './tileAspect.ts';

/** Width of the presenter's tile beside the shared screen, as a share of the picture's longer side. */
const PRESENTER_SHARE = 0.2;
const PRESENTER_MARGIN_SHARE = 0.0125;

/** Shows one person in the whole picture, or the screen they share, with the person in a corner. */
export const singleParticipant: Layout = {
  pageSize: () => 1,
  arrange(view) {
    const shown = isShuffling(view) ? shuffled(view) : view.stage;
    if (!shown) return { bar: null, tiles: [] };
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
      bar: null,
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
  const { width, height } = view.picture;
  const longerSide = Math.max(width, height);
  const tileWidth = Math.round(longerSide * PRESENTER_SHARE);
  const tileHeight = Math.round(tileWidth / (fixedAspect(view) ?? 16 / 9));
  const margin = Math.round(longerSide * PRESENTER_MARGIN_SHARE);
  return {
    participantId: id,
    kind: 'camera',
    role: 'presenter',
    rectangle: {
      left: width - tileWidth - margin,
      top: height - tileHeight - margin,
      width: tileWidth,
      height: tileHeight,
    },
  };
}

/** Shuffling pauses for a pinned participant and for a shared screen. */
function isShuffling({ options, stage }: LayoutView): boolean {
  return (
    options['layout.single-participant.mode'] === 'shuffle' && !stage?.isPinned && !stage?.hasScreenShare
  );
}

/** Shows one person after another, in the order of the call: only people with video, if there are any. */
function shuffled({ options, people, elapsedMs }: LayoutView): CallParticipant | null {
  const withVideo = people.filter((person) => person.hasVideo);
  const shown = withVideo.length > 0 ? withVideo : people;
  const turn = Math.floor(elapsedMs / Number(options['layout.single-participant.shuffle_delay']));
  return shown[turn % Math.max(1, shown.length)] ?? null;
}
