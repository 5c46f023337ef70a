import { type LayoutName, layoutNamed } from '../../../shared/layout/layoutNames.ts';

type Box = readonly [x: number, y: number, width: number, height: number];

const BOXES: Readonly<Record<LayoutName, readonly Box[]>> = {
  single_participant: [[2, 2, 28, 14]],
  grid: [
    [2, 2, 13, 6],
    [17, 2, 13, 6],
    [2, 10, 13, 6],
    [17, 10, 13, 6],
  ],
  spotlight: [
    [2, 2, 28, 9],
    [2, 12.5, 8, 3.5],
    [12, 12.5, 8, 3.5],
    [22, 12.5, 8, 3.5],
  ],
  sidebar: [
    [2, 2, 20, 14],
    [23.5, 2, 6.5, 4],
    [23.5, 7, 6.5, 4],
    [23.5, 12, 6.5, 4],
  ],
};
/** A page of somebody else may show anything. */
const UNKNOWN: readonly Box[] = [
  [2, 2, 28, 3],
  [2, 6.5, 28, 9.5],
];

/** A small drawing of how a layout places people. */
export function LayoutGlyph({ name }: { readonly name: string }) {
  const layout = layoutNamed(name);
  const boxes = layout === null ? UNKNOWN : BOXES[layout];
  return (
    <svg className="glyph" viewBox="0 0 32 18" aria-hidden="true">
      {boxes.map(([x, y, width, height]) => (
        <rect key={`${x} ${y}`} x={x} y={y} width={width} height={height} rx="1" />
      ))}
    </svg>
  );
}
