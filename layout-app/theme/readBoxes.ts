import { type BoxStyle, type Distribution, PLAIN_BOX, type ThemeBoxes } from '../layouts/themeBoxes.ts';

const SPEAKER = '.str-video__speaker-layout__';
const TILE = '.str-video__participant-view';
/** The boxes around the tiles of the bar, from the outside inward. */
const BAR = ['participants-bar-buttons-wrapper', 'participants-bar-wrapper', 'participants-bar'];

/** A box that is smaller than this has no room for tiles, so the theme is not followed. */
const LEAST_ROOM_PX = 64;

/** Reads from the computed styles of a picture what a theme says about the boxes that hold tiles. */
export function readBoxes(root: HTMLElement): ThemeBoxes {
  const room = root.querySelector<HTMLElement>('.eca__room');
  if (!room) return { room: null, main: PLAIN_BOX, stage: PLAIN_BOX, bar: PLAIN_BOX };
  const size = innerSize(room);
  // Shows what the theme says about properties that layouts.css keeps from having an effect of their own.
  root.toggleAttribute('data-measuring', true);
  try {
    return {
      room: size,
      main: styleOf([room], `.eca__room > ${TILE}`),
      stage: styleOf(elementsOf(room, ['spotlight']), `${SPEAKER}spotlight ${TILE}`),
      bar: styleOf(elementsOf(room, BAR), `${SPEAKER}participants-bar ${TILE}`),
    };
  } finally {
    root.removeAttribute('data-measuring');
  }
}

function elementsOf(room: HTMLElement, names: readonly string[]): HTMLElement[] {
  return names.flatMap((name) => room.querySelector<HTMLElement>(SPEAKER + name) ?? []);
}

/** The size inside padding and borders, in whole pixels; null if there is no room in it. */
function innerSize(room: HTMLElement): ThemeBoxes['room'] {
  const style = getComputedStyle(room);
  const width = room.clientWidth - px(style.paddingLeft) - px(style.paddingRight);
  const height = room.clientHeight - px(style.paddingTop) - px(style.paddingBottom);
  return width < LEAST_ROOM_PX || height < LEAST_ROOM_PX
    ? null
    : { width: Math.floor(width), height: Math.floor(height) };
}

/** What the theme says about nested boxes together. The innermost one, which is the last, holds the tiles. */
function styleOf(elements: readonly HTMLElement[], tileSelector: string): BoxStyle {
  const innermost = elements.at(-1);
  if (!innermost) return PLAIN_BOX;
  const styles = elements.map((element) => getComputedStyle(element));
  const { rowGap, columnGap, justifyContent, alignContent } = getComputedStyle(innermost);
  const sum = (side: 'Left' | 'Top' | 'Right' | 'Bottom') =>
    Math.ceil(
      styles.reduce((all, style) => all + px(style[`padding${side}`]) + px(style[`border${side}Width`]), 0),
    );
  const [outermost] = elements as [HTMLElement];
  const around = outermost.parentElement as HTMLElement;
  const tile = innermost.ownerDocument.querySelector(tileSelector);
  return {
    padding: { left: sum('Left'), top: sum('Top'), right: sum('Right'), bottom: sum('Bottom') },
    columnGap: lengthOf(columnGap, innermost.clientWidth),
    rowGap: lengthOf(rowGap, innermost.clientHeight),
    maxWidth: Math.min(...styles.map(({ maxWidth }) => lengthOf(maxWidth, around.clientWidth) ?? Infinity)),
    maxHeight: Math.min(
      ...styles.map(({ maxHeight }) => lengthOf(maxHeight, around.clientHeight) ?? Infinity),
    ),
    aspect: styles.map(({ aspectRatio }) => ratioOf(aspectRatio)).findLast((ratio) => ratio !== null) ?? null,
    justify: distributionOf(justifyContent),
    align: distributionOf(alignContent),
    tileAspect: tile ? ratioOf(getComputedStyle(tile).aspectRatio) : null,
  };
}

function px(length: string): number {
  return Number.parseFloat(length) || 0;
}

/** A computed length in pixels, or null if it is none, such as `normal`. Percentages refer to `of`. */
function lengthOf(length: string, of: number): number | null {
  const value = Number.parseFloat(length);
  if (!Number.isFinite(value)) return null;
  return Math.round(length.endsWith('%') ? (value * of) / 100 : value);
}

/** A computed `aspect-ratio`, such as `auto 4 / 3`, as width divided by height; null for `auto`. */
function ratioOf(ratio: string): number | null {
  const [, width, height] = ratio.match(/([\d.]+) \/ ([\d.]+)/) ?? [];
  const value = Number(width) / Number(height);
  return value > 0 && Number.isFinite(value) ? value : null;
}

const DISTRIBUTIONS: Readonly<Record<string, Distribution>> = {
  start: 'start',
  'flex-start': 'start',
  left: 'start',
  end: 'end',
  'flex-end': 'end',
  right: 'end',
  'space-between': 'space-between',
  'space-around': 'space-around',
  'space-evenly': 'space-evenly',
};

/** Our reading of a computed `justify-content` or `align-content`; in the middle for `normal` and the others. */
function distributionOf(value: string): Distribution {
  return DISTRIBUTIONS[value.replace(/^(safe|unsafe) /, '')] ?? 'center';
}
