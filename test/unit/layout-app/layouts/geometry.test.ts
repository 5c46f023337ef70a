import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Arrangement } from '../../../../layout-app/layouts/arrangement.ts';
import { chooseLayout } from '../../../../layout-app/layouts/chooseLayout.ts';
import { direct, NO_MEMORY } from '../../../../layout-app/layouts/direct.ts';
import {
  type AspectRange,
  aspectRangeFor,
  type Rectangle,
} from '../../../../layout-app/layouts/rectangle.ts';
import { PLAIN_BOXES } from '../../../../layout-app/layouts/themeBoxes.ts';
import { pictureSizeOf, QUALITIES } from '../../../../shared/encoding/encodingProfile.ts';
import type { LayoutName } from '../../../../shared/layout/layoutNames.ts';
import { parseLayoutOptions } from '../../../../shared/layout/parseLayoutOptions.ts';
import { aParticipant } from '../../../support/aParticipant.ts';

const count = fc.integer({ min: 1, max: 100 });
const quality = fc.constantFrom(...QUALITIES);
const length = fc.integer({ min: 0, max: 40 }).map((px) => `${px}px`);
const optional = { requiredKeys: [] };

const gridOptions = fc.record(
  {
    'grid.rows': fc.integer({ min: 1, max: 10 }),
    'grid.columns': fc.integer({ min: 1, max: 10 }),
    'layout.grid.page_size': fc.integer({ min: 1, max: 100 }),
    'layout.grid.gap': length,
    'grid.margin': length,
    'layout.size_percentage': fc.integer({ min: 40, max: 100 }),
    'participant.aspect_ratio': fc.constantFrom('16/9', '4/3', '1/1', '9/16'),
  },
  optional,
);

const spotlightOptions = fc.record(
  {
    'grid.rows': fc.integer({ min: 1, max: 3 }),
    'grid.columns': fc.integer({ min: 1, max: 8 }),
    'layout.grid.gap': length,
    'grid.margin': length,
    'layout.size_percentage': fc.integer({ min: 10, max: 60 }),
    'layout.spotlight.participants_bar_position': fc.constantFrom('top', 'bottom', 'left', 'right', 'auto'),
    'layout.spotlight.participants_bar_limit': fc.oneof(
      fc.constant('dynamic'),
      fc.integer({ min: 0, max: 12 }),
    ),
    'participant.aspect_ratio': fc.constantFrom('16/9', '4/3', '1/1', '9/16'),
  },
  optional,
);

type Picture = { width: number; height: number };

function arrange(
  name: LayoutName,
  people: number,
  picture: Picture,
  options: object,
  isSharing = false,
): Arrangement {
  const everybody = Array.from({ length: people }, (_, index) =>
    aParticipant(`p${index}`, { hasScreenShare: isSharing && index === 0, joinedAtMs: index }),
  );
  const given = parseLayoutOptions({ screenshare_layout: name, ...options });
  const layout = chooseLayout(name, given.options, everybody);
  return direct(NO_MEMORY, { people: everybody, layout, picture, boxes: PLAIN_BOXES, elapsedMs: 0 })
    .arrangement;
}

function pictureOf(name: (typeof QUALITIES)[number]): Picture {
  const { widthPx, heightPx } = pictureSizeOf(name);
  return { width: widthPx, height: heightPx };
}

function expectApartAndInside(rectangles: readonly Rectangle[], picture: Picture): void {
  for (const [at, a] of rectangles.entries()) {
    expect(a.width).toBeGreaterThan(0);
    expect(a.height).toBeGreaterThan(0);
    expect(Math.min(a.left, a.top)).toBeGreaterThanOrEqual(0);
    expect(a.left + a.width).toBeLessThanOrEqual(picture.width);
    expect(a.top + a.height).toBeLessThanOrEqual(picture.height);
    for (const b of rectangles.slice(at + 1)) {
      const isApart =
        a.left + a.width <= b.left ||
        b.left + b.width <= a.left ||
        a.top + a.height <= b.top ||
        b.top + b.height <= a.top;
      expect(isApart, JSON.stringify([a, b])).toBe(true);
    }
  }
}

/** The largest share of an area that equal tiles of allowed shapes in any columns x rows can cover. */
function bestShare(tiles: number, area: Picture, gap: number, { least, most }: AspectRange): number {
  const shares = Array.from({ length: tiles }, (_, index) => {
    const columns = index + 1;
    const rows = Math.ceil(tiles / columns);
    const cell = {
      width: (area.width - (columns - 1) * gap) / columns,
      height: (area.height - (rows - 1) * gap) / rows,
    };
    if (cell.width <= 0 || cell.height <= 0) return 0;
    const width = Math.min(cell.width, cell.height * most);
    const height = Math.min(cell.height, cell.width / least);
    return (tiles * width * height) / (area.width * area.height);
  });
  return Math.max(...shares);
}

describe('a grid', () => {
  test('has equal tiles, apart and inside the picture, whatever the options', () => {
    fc.assert(
      fc.property(count, quality, gridOptions, fc.boolean(), (people, name, options, isSharing) => {
        const picture = pictureOf(name);
        const rectangles = arrange('grid', people, picture, options, isSharing).tiles.map(
          ({ rectangle }) => rectangle,
        );
        expectApartAndInside(rectangles, picture);
        expect(new Set(rectangles.map(({ width, height }) => `${width}x${height}`)).size).toBe(1);
      }),
    );
  });

  test('uses at least 0.9 of what the best grid for so many tiles would', () => {
    fc.assert(
      fc.property(count, quality, (people, name) => {
        const picture = pictureOf(name);
        const options = { 'layout.size_percentage': 100, 'grid.margin': '0px', 'layout.grid.page_size': 100 };
        const { tiles } = arrange('grid', people, picture, options);
        expect(tiles).toHaveLength(people);
        const used = tiles.reduce((sum, { rectangle }) => sum + rectangle.width * rectangle.height, 0);
        const share = used / (picture.width * picture.height);
        expect(share).toBeGreaterThanOrEqual(
          0.9 * bestShare(people, picture, 10, aspectRangeFor(picture, null)),
        );
      }),
    );
  });

  test('shows everybody who fits on a page, once', () => {
    fc.assert(
      fc.property(count, gridOptions, (people, options) => {
        const { tiles } = arrange('grid', people, { width: 1280, height: 720 }, options);
        const ids = tiles.map(({ participantId }) => participantId);
        expect(new Set(ids).size).toBe(ids.length);
        const places = (options['grid.rows'] ?? 4) * (options['grid.columns'] ?? 5);
        const most = options['layout.grid.page_size'] ?? places;
        expect(ids.length).toBeLessThanOrEqual(Math.min(people, most));
      }),
    );
  });
});

test.each([
  'spotlight',
  'sidebar',
] as const)('a %s has its stage and its bar apart and inside the picture, whatever the options', (layout) => {
  fc.assert(
    fc.property(count, quality, spotlightOptions, fc.boolean(), (people, name, options, isSharing) => {
      const picture = pictureOf(name);
      const { tiles } = arrange(layout, people, picture, options, isSharing);
      expectApartAndInside(
        tiles.map(({ rectangle }) => rectangle),
        picture,
      );
      const inBar = tiles.filter(({ role }) => role === 'bar').map(({ rectangle }) => rectangle);
      expect(new Set(inBar.map(({ width, height }) => `${width}x${height}`)).size).toBeLessThanOrEqual(1);
    }),
  );
});

describe.each([
  ['720p', 1280, 720],
  ['portrait-720x1280', 720, 1280],
])('in %s', (_name, width, height) => {
  const rectanglesOf = (name: LayoutName, people: number, options = {}, isSharing = false) =>
    arrange(name, people, { width, height }, options, isSharing).tiles.map(({ role, kind, rectangle }) => {
      const { left, top } = rectangle;
      return `${role} ${kind} ${rectangle.width}x${rectangle.height}+${left}+${top}`;
    });

  test.each([
    1, 2, 3, 5, 9, 25,
  ])('a grid of %i, a spotlight and a single participant are where they were', (people) => {
    expect({
      grid: rectanglesOf('grid', people),
      spotlight: rectanglesOf('spotlight', people),
      'bar on the left': rectanglesOf('spotlight', people, { 'grid.position': 'left' }),
      'screen in the spotlight': rectanglesOf('spotlight', people, {}, true),
      'single participant with their screen': rectanglesOf('single_participant', people, {}, true),
    }).toMatchSnapshot();
  });

  test.each([1, 2, 5, 12])('a sidebar of %i is where it was', (people) => {
    expect({
      sidebar: rectanglesOf('sidebar', people),
      'screen in the sidebar': rectanglesOf('sidebar', people, {}, true),
    }).toMatchSnapshot();
  });

  test('a sidebar has the others in one line: a column at the right, or in portrait a row at the bottom', () => {
    const { tiles, barEdge } = arrange('sidebar', 5, { width, height }, {});
    const inBar = tiles.filter(({ role }) => role === 'bar').map(({ rectangle }) => rectangle);
    expect(inBar).toHaveLength(4);
    const stage = tiles.find(({ role }) => role === 'stage')?.rectangle as Rectangle;
    const isWide = width > height;
    expect(barEdge).toBe(isWide ? 'right' : 'bottom');
    const [beside, along] = isWide ? (['left', 'top'] as const) : (['top', 'left'] as const);
    const end = isWide ? stage.left + stage.width : stage.top + stage.height;
    for (const tile of inBar) expect(tile[beside]).toBeGreaterThanOrEqual(end);
    expect(new Set(inBar.map((tile) => tile[beside])).size).toBe(1);
    expect(new Set(inBar.map((tile) => tile[along])).size).toBe(4);
  });

  test('the bar of a sidebar can be put at any side', () => {
    const given = { 'layout.spotlight.participants_bar_position': 'left' };
    expect(rectanglesOf('sidebar', 5, given)).toEqual(rectanglesOf('spotlight', 5, given));
  });
});
